// NOT RUN where this project is tested; see settings.gradle.kts.
//
// The generated Kotlin side of the bindings. `cargo xtask bindings` writes it; nobody edits it.

plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(libs.versions.java.get().toInt())
    sourceSets.main { kotlin.srcDir(rootDir.resolve("../target/bindings/kotlin")) }
}

dependencies {
    api(libs.coroutines.core)
    // The app brings JNA as an Android library with its native part; here it is only compiled against.
    compileOnly(libs.jna)
}

tasks.named("compileKotlin") {
    doFirst {
        check(rootDir.resolve("../target/bindings/kotlin").isDirectory) { "run `cargo xtask bindings` first" }
    }
}
