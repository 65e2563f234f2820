package jp.techo.notebook.presentation.platform

/** Keeps screenshots, recordings and the app switcher from seeing the screen. On at first; the person may switch it off. */
interface ScreenGuard {
    fun protect(on: Boolean)
}

/** Whether the Rust library is there and is the one that this app was built with. */
interface LibraryGuard {
    /** Loads the library, off the main thread. Never throws. */
    suspend fun check(): LibraryState
}

enum class LibraryState {
    READY,

    /** There is no library for this processor in the app. */
    MISSING,

    /** There is one, but of another version than the code that calls it. */
    OTHER_VERSION,
}

/** What this phone remembers beside the vault: how far the vault was last seen, so that an older copy put back is noticed. */
interface DeviceMemory {
    /** The bytes kept last; null when nothing was kept, or when the keystore cannot prove them. */
    suspend fun last(): ByteArray?

    /** Keeps [bytes] in place of the earlier ones; false when the keystore does not answer. */
    suspend fun keep(bytes: ByteArray): Boolean
}

/** The shell's own small settings: never anything of the vault. Instant. */
interface Preferences {
    fun flag(
        name: String,
        otherwise: Boolean,
    ): Boolean

    fun keep(
        name: String,
        value: Boolean,
    )

    fun number(
        name: String,
        otherwise: Int,
    ): Int

    fun keep(
        name: String,
        value: Int,
    )
}
