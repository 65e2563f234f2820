//! PDF and pictures as documents, what is put beside a record, kept hidden or marked, and the medicines of a day.

use std::fs;

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook, count, fixture, text};

const HANAKO: &str = FAMILY[0].0;
const PDF: &str = "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n\
                   trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
const NOTEBOOK: &str = "JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n\
    5,20260401,1\n11,甲薬局,13,4,1234567,,,,1\n51,見本病院,13,1,1234567,1\n\
    201,1,ロキソニン錠60mg,3,錠,4,1149019F1560,1\n301,1,1日3回毎食後,28,日分,1,1,,1\n\
    5,20260403,1\n11,乙薬局,13,4,7654321,,,,1\n51,別の病院,13,1,7654321,1\n\
    201,1,ロキソプロフェンNa錠60mg「見本」,3,錠,4,1149019F1773,1\n301,1,1日3回毎食後,7,日分,1,1,,1\n\
    201,2,見本の眠剤,1,錠,4,1124001F1010,1\n301,2,1日1回就寝前,14,日分,1,1,,1\n";

fn with_medicines() -> Notebook {
    let notebook = Notebook::of_the_family();
    fs::write(notebook.path("notebook.txt"), NOTEBOOK).unwrap();
    notebook.run(&["import", "notebook.txt", "--person", HANAKO]).ok();
    notebook
}

fn medicines(notebook: &Notebook, more: &[&str]) -> Vec<Value> {
    notebook.run(&[&["medicines", "--person", HANAKO, "--on", "2026-04-05", "--json"], more].concat()).ok().lines()
}

fn id_of(lines: &[Value], title: &str) -> String {
    lines.iter().find(|line| line["title"] == title).unwrap_or_else(|| panic!("no {title}"))["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_pdf_is_kept_and_comes_out_again_byte_for_byte() {
    let notebook = Notebook::of_the_family();
    fs::write(notebook.path("scan.pdf"), PDF).unwrap();
    let line = notebook.run(&["import", "scan.pdf", "--person", HANAKO, "--title", "紹介状", "--on", "2026-03-02", "--json"]).ok().line();
    assert_eq!((line["format"].as_str(), count(&line, "ready")), (Some("pdf"), 1));
    let event = notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().line();
    assert_eq!(
        (event["kind"].as_str(), event["date"].as_str(), event["title"].as_str()),
        (Some("document"), Some("2026-03-02"), Some("紹介状"))
    );
    notebook.run(&["export", "--format", "originals", "--out", "all.zip", "--yes"]).ok();
    let mut zip = zip::ZipArchive::new(fs::File::open(notebook.path("all.zip")).unwrap()).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("0001_scan.pdf").unwrap(), &mut bytes).unwrap();
    assert_eq!(bytes, PDF.as_bytes());
    notebook.run(&["erase", "document", event["document"].as_str().unwrap(), "--yes"]).ok();
    assert_eq!(notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines(), Vec::<Value>::new());
}

#[test]
fn what_can_act_by_itself_is_refused_with_its_place() {
    let notebook = Notebook::of_the_family();
    for (name, content, reason) in [
        ("a.pdf", PDF.replace("/Count 0", "/AA 5 0 R"), "object 2"),
        ("b.pdf", PDF.replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 7 0 R"), "trailer"),
        ("c.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned(), "document"),
        ("d.html", "<html><body>x</body></html>".to_owned(), "document"),
    ] {
        fs::write(notebook.path(name), content).unwrap();
        let line = notebook.run(&["import", name, "--person", HANAKO, "--json"]).ended(4).line();
        assert_eq!(line["refused"][0]["place"], reason, "{name} {line}");
    }
    assert_eq!(notebook.run(&["timeline", "--json"]).ok().lines(), Vec::<Value>::new());
}

#[test]
fn one_ingredient_of_two_pharmacies_is_pointed_out_and_can_be_kept_hidden() {
    let notebook = with_medicines();
    let lines = medicines(&notebook, &[]);
    assert_eq!(lines.len(), 3);
    let brand = id_of(&lines, "ロキソニン錠60mg");
    let same: Vec<&Value> = lines.iter().flat_map(|line| line["same"].as_array().unwrap()).collect();
    assert_eq!((same.len(), same[0]["by"].as_str()), (2, Some("code")));
    assert!(same[0]["text"].as_str().unwrap().contains("薬剤師に確かめてください"));
    let said = notebook.run(&["medicines", "--person", HANAKO, "--on", "2026-04-05"]).ok();
    assert!(said.out.contains("同じ成分かもしれません") && said.out.contains("診断でも"), "{}", said.out);
    notebook.run(&["hide", &brand]).ok();
    assert_eq!(medicines(&notebook, &[]).len(), 2);
    assert!(medicines(&notebook, &[]).iter().all(|line| line["same"].as_array().unwrap().is_empty()));
    assert_eq!(medicines(&notebook, &["--hidden"]).iter().filter(|line| line["hidden"] == true).count(), 1);
    notebook.run(&["unhide", &brand]).ok();
    assert_eq!(medicines(&notebook, &[]).len(), 3);
    notebook.run(&["unhide", &brand]).ended(9);
}

#[test]
fn a_document_is_put_beside_a_record_by_its_file_or_its_id() {
    let notebook = with_medicines();
    let brand = id_of(&medicines(&notebook, &[]), "ロキソニン錠60mg");
    fs::write(notebook.path("bag.pdf"), PDF).unwrap();
    notebook.run(&["attach", &brand, "bag.pdf", "--title", "薬の袋"]).ok();
    let shown = notebook.run(&["show", &brand, "--json"]).ok().line();
    let document = shown["attached"][0].as_str().unwrap().to_owned();
    assert!(notebook.run(&["show", &brand]).ok().out.contains("薬の袋"));
    notebook.run(&["undo", "--person", HANAKO]).ok();
    assert_eq!(notebook.run(&["show", &brand, "--json"]).ok().line()["attached"], serde_json::json!([]));
    notebook.run(&["attach", &brand, &document]).ok();
    assert_eq!(notebook.run(&["show", &brand, "--json"]).ok().line()["attached"], serde_json::json!([document]));
    let photo = fixture("family/hanako-okusuri-1.txt");
    let before = notebook.run(&["timeline", "--json"]).ok().lines().len();
    notebook.run(&["attach", &brand, text(&photo.with_file_name("nothing.png"))]).ended(21);
    assert_eq!(notebook.run(&["timeline", "--json"]).ok().lines().len(), before);
}

#[test]
fn what_is_sensitive_stays_behind_unless_it_is_chosen() {
    let notebook = with_medicines();
    let lines = medicines(&notebook, &[]);
    let (sleeping, brand) = (id_of(&lines, "見本の眠剤"), id_of(&lines, "ロキソニン錠60mg"));
    assert_eq!(notebook.run(&["show", &sleeping, "--json"]).ok().line()["sensitive"], "mental");
    notebook.run(&["sensitive", &brand]).ok();
    assert_eq!(notebook.run(&["show", &brand, "--json"]).ok().line()["sensitive"], "marked");
    let holds = |name: &str, more: &[&str]| {
        notebook.run(&[&["export", "--format", "fhir", "--person", HANAKO, "--out", name], more].concat()).ok();
        let written = fs::read_to_string(notebook.path(name)).unwrap();
        [written.contains("見本の眠剤"), written.contains("ロキソニン錠"), written.contains("ロキソプロフェン")]
    };
    assert_eq!(holds("a.json", &[]), [false, false, true]);
    assert_eq!(holds("b.json", &["--include-sensitive"]), [true, true, true]);
    notebook.run(&["sensitive", &brand, "--undo"]).ok();
    assert_eq!(holds("c.json", &[]), [false, true, true]);
}
