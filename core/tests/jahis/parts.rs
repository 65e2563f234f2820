//! Split notebooks: parts in any order, twice, of another set.

use super::*;

fn parts_of(set: &str, of: u32) -> Vec<Vec<u8>> {
    let one = |number: u32| {
        as_issued(&format!(
            "{HEAD}5,2026030{number},1\n201,1,錠{number},1,錠,1,,1\n301,1,毎食後,{number},日分,1,1,,1\n911,{set},{of},{number}"
        ))
    };
    (1..=of).map(one).collect()
}

#[test]
fn parts_join_in_any_order_and_a_part_twice_does_no_harm() {
    let parts = parts_of("20260301000001", 3);
    let whole = jahis::assemble(&slices(&parts)).unwrap();
    assert_eq!(whole.events.iter().map(|event| event.title.as_str()).collect::<Vec<_>>(), ["調剤"; 3]);
    assert_eq!(facts(&whole)[2].at, "part 3, line 4");
    for order in [[2, 0, 1], [1, 2, 0], [2, 1, 0]] {
        let mut shuffled: Vec<&[u8]> = order.iter().map(|index| parts[*index].as_slice()).collect();
        assert_eq!(jahis::assemble(&shuffled).unwrap(), whole);
        shuffled.push(&parts[1]);
        assert_eq!(jahis::assemble(&shuffled).unwrap(), whole);
    }
    let expected = Part { format: techo_core::formats::FormatId::JahisTc, set: "20260301000001".to_owned(), number: 2, of: 3 };
    assert_eq!(part(&parts[1]), expected);
}

#[test]
fn a_block_may_go_on_in_the_next_part() {
    let one = format!("{HEAD}5,20260301,1\n201,1,錠Ａ,1,錠,1,,1\n911,7,2,1");
    let two = "JAHISTC08,1\n301,1,毎食後,3,日分,1,1,,1\n911,7,2,2";
    let reading = jahis::assemble(&[two.as_bytes(), one.as_bytes()]).unwrap();
    assert_eq!(medicines(&reading)[0].quantity.as_deref(), Some("3"));
}

#[test]
fn a_file_of_all_parts_is_whole_with_or_without_repeated_headers() {
    let parts = parts_of("20260301000001", 2);
    let reading = document(&parts.concat());
    assert_eq!(medicines(&reading).len(), 2);
    let headless = [1, 2].map(|n| format!("5,2026030{n},1\n201,1,錠{n},1,錠,1,,1\n911,7,2,{n}\n"));
    assert_eq!(medicines(&with(&headless.concat())).len(), 2);
    let single = format!("{HEAD}5,20260301,1\n201,1,錠,1,錠,1,,1\n911,7,1,1\n");
    assert_eq!(medicines(&document(single.as_bytes())).len(), 1);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let fault = |parts: &[&[u8]]| match jahis::assemble(parts).unwrap_err() {
        FormatError::Malformed { fault, .. } => fault,
        other => panic!("{other}"),
    };
    let (ours, theirs) = (parts_of("1", 2), parts_of("2", 2));
    assert_eq!(fault(&[&ours[0], &theirs[1]]), Fault::Mixed);
    assert_eq!(fault(&[&ours[0]]), Fault::Missing);
    assert_eq!(fault(&[&parts_of("1", 3)[0], &parts_of("1", 3)[2]]), Fault::Missing);
    let other_patient = as_issued("JAHISTC08,1\n1,手帳 太郎,1,20190620\n911,1,2,2");
    assert_eq!(fault(&[&ours[0], &other_patient]), Fault::Mixed);
    let other_content = as_issued(&format!("{HEAD}5,20260309,1\n911,1,2,1"));
    assert_eq!(fault(&[&ours[0], &other_content, &ours[1]]), Fault::Mixed);
    assert_eq!(jahis::assemble(&[]).unwrap_err(), FormatError::Empty);
}
