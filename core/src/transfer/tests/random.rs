//! Any records at all.

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::transfer::{export_archive, import_archive};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_records_come_back_as_they_were(documents in vec(vec(samples::any_event(), 0..4), 0..4)) {
        let scene = Scene::new();
        let vault = scene.empty("from");
        vault.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
        for (number, events) in (1..).zip(documents) {
            file(&vault, HANAKO, number, events);
        }
        export_archive(&vault, None, &scene.path("one"), None, at(9), &mut quiet).unwrap();
        let other = scene.empty("to");
        let report = import_archive(&other, &scene.path("one"), None, at(99), &mut quiet).unwrap();
        export_archive(&other, None, &scene.path("two"), None, at(210), &mut quiet).unwrap();
        prop_assert!(report.people[0].root_equal && report.people[0].records == report.people[0].expected);
        prop_assert_eq!(shown(&other), shown(&vault));
        prop_assert!(fs::read(scene.path("one")).unwrap() == fs::read(scene.path("two")).unwrap());
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes in vec(any::<u8>(), 0..2048), at in 0_usize..2048) {
        let scene = Scene::new();
        let path = scene.path("file");
        fs::write(&path, &bytes).unwrap();
        prop_assert!(crate::transfer::check_archive(&path, Some(&passphrase()), &mut quiet).is_err());
        // Behind a good beginning.
        let good = b"age-encryption.org/v1\n-> scrypt ";
        fs::write(&path, [good.as_slice(), &bytes[at.min(bytes.len())..]].concat()).unwrap();
        prop_assert!(crate::transfer::check_archive(&path, Some(&passphrase()), &mut quiet).is_err());
    }
}
