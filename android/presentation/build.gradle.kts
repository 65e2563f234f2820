// NOT RUN where this project is tested; see settings.gradle.kts.
//
// Presenters and view states: plain Kotlin, neither android.* nor androidx.*.

plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(libs.versions.java.get().toInt())
    // A phone for tests, which the app's own tests use as well.
    sourceSets.test { kotlin.srcDirs("src/fakes/kotlin", "src/bench/kotlin") }
}

dependencies {
    api(project(":core"))
    api(libs.coroutines.core)
    testImplementation(libs.junit.jupiter)
    testImplementation(libs.coroutines.test)
    testRuntimeOnly(libs.junit.launcher)
    testRuntimeOnly(libs.jna)
}

tasks.test {
    useJUnitPlatform()
    systemProperty("jna.library.path", rootDir.resolve("../target/release").path)
}
