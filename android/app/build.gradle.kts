// NOT RUN where this project is tested; see settings.gradle.kts.
//
// The app: Compose screens and the adapters to the phone. The Rust library for each processor comes from
// `cargo xtask android`, which writes src/main/jniLibs.

plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.compose.compiler)
}

android {
    namespace = "jp.techo.notebook"
    compileSdk = libs.versions.compile.sdk.get().toInt()
    ndkVersion = libs.versions.ndk.get()

    defaultConfig {
        applicationId = "jp.techo.notebook"
        minSdk = libs.versions.min.sdk.get().toInt()
        targetSdk = libs.versions.target.sdk.get().toInt()
        versionCode = libs.versions.app.code.get().toInt()
        versionName = libs.versions.app.name.get()
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }

    buildFeatures { compose = true }

    androidResources { localeFilters += listOf("ja", "en") }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "proguard-rules.pro")
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.toVersion(libs.versions.java.get())
        targetCompatibility = JavaVersion.toVersion(libs.versions.java.get())
    }

    // Left in the package as they are and mapped from there: pages of 16 KB want it so.
    packaging { jniLibs { useLegacyPackaging = false } }

    sourceSets.getByName("test") { kotlin.srcDir("../presentation/src/fakes/kotlin") }

    testOptions {
        unitTests {
            isIncludeAndroidResources = true
            all { it.systemProperty("jna.library.path", rootDir.resolve("../target/release").path) }
        }
    }
}

dependencies {
    // JNA as an Android library, with its native part; the plain jar that :core was compiled against must not come too.
    implementation(project(":presentation"))
    implementation(libs.jna) { artifact { type = "aar" } }
    implementation(libs.bundles.ui)
    testImplementation(libs.bundles.tests)
    testImplementation(libs.robolectric)
    // The unit tests run on a computer: JNA's native part for it is in the plain jar.
    testImplementation(libs.jna)
}
