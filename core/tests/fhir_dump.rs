mod fhir_support;
#[test]
fn dump() {
    for (name, bytes) in fhir_support::samples() {
        println!("##### {name}");
        match techo_core::formats::fhir::read(&bytes) {
            Err(e) => println!("ERR {e}"),
            Ok(r) => {
                println!("{:?} source={:?} refused={:?}", r.subject, r.source, r.refused);
                for e in &r.events {
                    println!("EVENT {:?} {:?} {} @{:?}", e.kind, e.day.map(|d| d.to_string()), e.title, e.place);
                    for f in &e.facts {
                        println!("   {:?} {} | {} | {} | {:?} {:?} {:?}", f.kind, f.title, f.at, serde_json::to_string(&f.body).unwrap().chars().take(420).collect::<String>(), f.standing, f.when, f.said_by);
                    }
                }
            }
        }
    }
}
