// NOT RUN where this project is tested: Gradle and the Android SDK cannot be had there. The same sources are built, tested
// and checked by `cargo xtask android test` (android/verify). Open this folder in Android Studio to build for a phone.

pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode.set(RepositoriesMode.FAIL_ON_PROJECT_REPOS)
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "techo"
include(":core", ":presentation", ":app")
