//! What one library says about itself: Gradle Module Metadata where it has such, its pom where not. Only what the resolver
//! needs: what kind of file it is, what it depends on, which versions it insists on. Pure.

use serde_json::Value;

use super::catalog::Coordinate;

/// What a library is packed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Jar,
    /// An Android library.
    Aar,
    /// Only points to others.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) packing: Packing,
    /// Group, name and, where it is said, the least version.
    pub(super) dependencies: Vec<Wish>,
    /// Versions for libraries that somebody else brings in.
    pub(super) constraints: Vec<Wish>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) group: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
}

impl From<&Coordinate> for Wish {
    fn from(coordinate: &Coordinate) -> Self {
        Self { group: coordinate.group.clone(), name: coordinate.name.clone(), version: Some(coordinate.version.clone()) }
    }
}

/// A pom says in a comment that Gradle Module Metadata lies beside it.
pub(super) fn has_module_metadata(pom: &str) -> bool {
    pom.contains("published-with-gradle-metadata")
}

/// Reads Gradle Module Metadata: the variant for running on Android, else the one for the JVM.
pub(super) fn read_module(text: &str) -> Result<Module, String> {
    let whole: Value = serde_json::from_str(text).map_err(|error| format!("module metadata: {error}"))?;
    let variants = whole.get("variants").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    // The last of the best would win with max_by_key; the first is the one that publishers name first.
    let best = variants.iter().rev().filter_map(|variant| Some((fit(variant)?, variant))).max_by_key(|(fit, _)| *fit);
    let Some((_, variant)) = best else {
        // Sources only, or another platform's half: nothing for us in it.
        return Ok(Module { packing: Packing::Nothing, dependencies: Vec::new(), constraints: Vec::new() });
    };
    if let Some(elsewhere) = variant.get("available-at") {
        let text = |field: &str| elsewhere.get(field).and_then(Value::as_str).map(str::to_owned);
        let (Some(group), Some(name)) = (text("group"), text("module")) else {
            return Err("module metadata: available-at names nothing".to_owned());
        };
        let there = Wish { group, name, version: text("version") };
        return Ok(Module { packing: Packing::Nothing, dependencies: vec![there], constraints: Vec::new() });
    }
    let file = variant.pointer("/files/0/url").and_then(Value::as_str);
    Ok(Module {
        packing: match file.and_then(|file| file.rsplit('.').next()) {
            Some("aar") => Packing::Aar,
            Some(_) => Packing::Jar,
            None => Packing::Nothing,
        },
        dependencies: wishes(variant, "dependencies"),
        constraints: wishes(variant, "dependencyConstraints"),
    })
}

/// How well a variant fits to running on Android; `None`: not at all.
fn fit(variant: &Value) -> Option<u8> {
    let attribute = |name: &str| variant.get("attributes").and_then(|all| all.get(name)).and_then(Value::as_str);
    let among = |name: &str, allowed: &[&str]| attribute(name).is_none_or(|value| allowed.contains(&value));
    let fits = among("org.gradle.category", &["library"])
        && attribute("org.gradle.usage") == Some("java-runtime")
        && among("org.jetbrains.kotlin.platform.type", &["jvm", "androidJvm"])
        && among("org.gradle.jvm.environment", &["android", "standard-jvm"]);
    let points = |name: &str, value: &str, points: u8| if attribute(name) == Some(value) { points } else { 0 };
    fits.then(|| {
        points("org.jetbrains.kotlin.platform.type", "androidJvm", 4)
            + points("org.gradle.jvm.environment", "android", 2)
            + points("org.gradle.libraryelements", "aar", 1)
    })
}

fn wishes(variant: &Value, field: &str) -> Vec<Wish> {
    let list = variant.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of_library = |wish: &&Value| {
        // A platform is a list of versions, not something to run; ours is the catalog.
        !matches!(wish.pointer("/attributes/org.gradle.category").and_then(Value::as_str), Some("platform" | "enforced-platform"))
    };
    list.iter()
        .filter(of_library)
        .filter_map(|wish| {
            let text = |path: &str| wish.pointer(path).and_then(Value::as_str).map(str::to_owned);
            let version = ["/version/strictly", "/version/requires", "/version/prefers"].iter().find_map(|path| text(path));
            Some(Wish { group: text("/group")?, name: text("/module")?, version })
        })
        .collect()
}

/// Reads a pom: its dependencies of running and compiling, with the versions it writes out.
pub(super) fn read_pom(text: &str) -> Result<Module, String> {
    let tree = roxmltree::Document::parse(text).map_err(|error| format!("pom: {error}"))?;
    let child = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.children().find(|child| child.has_tag_name_any(name)).and_then(|child| child.text()).unwrap_or_default().trim().to_owned()
    };
    let project = tree.root_element();
    let mut dependencies = Vec::new();
    let lists = project.children().filter(|node| node.has_tag_name_any("dependencies"));
    for node in lists.flat_map(|list| list.children()).filter(|node| node.has_tag_name_any("dependency")) {
        let runs = matches!(child(node, "scope").as_str(), "" | "compile" | "runtime") && child(node, "optional") != "true";
        // A range of exactly one version is written in brackets; a property would be the parent's.
        let version = child(node, "version").trim_matches(['[', ']']).to_owned();
        if runs {
            let version = (!version.is_empty() && !version.starts_with('$')).then_some(version);
            dependencies.push(Wish { group: child(node, "groupId"), name: child(node, "artifactId"), version });
        }
    }
    let packing = match child(project, "packaging").as_str() {
        "aar" => Packing::Aar,
        "pom" => Packing::Nothing,
        _ => Packing::Jar,
    };
    Ok(Module { packing, dependencies, constraints: Vec::new() })
}

/// By local name: poms come with and without their namespace.
trait AnyNamespace {
    fn has_tag_name_any(&self, name: &str) -> bool;
}

impl AnyNamespace for roxmltree::Node<'_, '_> {
    fn has_tag_name_any(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn of_several_variants_the_one_for_android_is_taken() {
        let module = read_module(
            r#"{"variants":[
            {"attributes":{"org.gradle.usage":"java-runtime","org.jetbrains.kotlin.platform.type":"jvm","org.gradle.jvm.environment":"standard-jvm"},
             "files":[{"url":"a.jar"}]},
            {"attributes":{"org.gradle.usage":"java-runtime","org.jetbrains.kotlin.platform.type":"androidJvm"},
             "files":[{"url":"a.aar"}],
             "dependencies":[{"group":"g","module":"b","version":{"requires":"2"}},
                             {"group":"g","module":"bom","version":{"requires":"9"},"attributes":{"org.gradle.category":"platform"}}],
             "dependencyConstraints":[{"group":"g","module":"c","version":{"strictly":"3","requires":"1"}}]}]}"#,
        )
        .unwrap();
        assert_eq!(module.packing, Packing::Aar);
        assert_eq!(module.dependencies, [Wish { group: "g".into(), name: "b".into(), version: Some("2".into()) }]);
        assert_eq!(module.constraints.first().unwrap().version.as_deref(), Some("3"));
    }

    #[test]
    fn a_variant_that_lies_elsewhere_leads_there_and_a_foreign_one_nowhere() {
        let elsewhere = r#"{"variants":[{"attributes":{"org.gradle.usage":"java-runtime"},"available-at":{"group":"g","module":"a-android","version":"1"}}]}"#;
        let module = read_module(elsewhere).unwrap();
        assert_eq!((module.packing, module.dependencies.len()), (Packing::Nothing, 1));
        let foreign = r#"{"variants":[{"attributes":{"org.gradle.usage":"java-runtime","org.jetbrains.kotlin.platform.type":"native"}}]}"#;
        assert_eq!(read_module(foreign).unwrap().packing, Packing::Nothing);
        assert!(read_module("<html>").is_err());
    }

    #[test]
    fn a_pom_gives_what_runs_and_not_what_tests() {
        let module = read_pom(
            "<project xmlns='urn:x'><packaging>aar</packaging><dependencies>\
             <dependency><groupId>g</groupId><artifactId>a</artifactId><version>[1.0]</version></dependency>\
             <dependency><groupId>g</groupId><artifactId>b</artifactId><version>1</version><scope>test</scope></dependency>\
             <dependency><groupId>g</groupId><artifactId>c</artifactId><version>1</version><optional>true</optional></dependency>\
             <dependency><groupId>g</groupId><artifactId>d</artifactId><version>${x}</version><scope>runtime</scope></dependency>\
             </dependencies></project>",
        )
        .unwrap();
        assert_eq!(module.packing, Packing::Aar);
        let names: Vec<_> = module.dependencies.iter().map(|wish| (wish.name.as_str(), wish.version.as_deref())).collect();
        assert_eq!(names, [("a", Some("1.0")), ("d", None)]);
    }
}
