package jp.techo.notebook.presentation.platform

/** How bright the screen is. */
interface Brightness {
    /** As bright as it can be, and awake; false gives back what was before. */
    fun raise(on: Boolean)
}

/** How the phone lies. */
interface FaceDown {
    /** Calls [turned] when the phone is laid on its face; what is returned stops watching. Nothing happens on a phone that cannot tell. */
    fun watch(turned: () -> Unit): AutoCloseable
}

/** Draws what the core wrote as a picture. */
interface Painter {
    /** [svg] as PNG, off the main thread; null where it is none of the core's pictures. */
    suspend fun png(svg: String): ByteArray?
}

/**
 * The key of the emergency cards that are readable without unlocking: kept by the phone's keystore, which gives it out without
 * asking anybody. It opens those cards and nothing else.
 */
interface CardKey {
    /** The 32 bytes kept last; null where there are none, or the keystore does not give them out. */
    suspend fun recall(): ByteArray?

    /** Keeps [secret] in place of an earlier one; false when the keystore does not answer. */
    suspend fun keep(secret: ByteArray): Boolean

    /** Forgets it: what was sealed under it stays sealed for ever. */
    suspend fun forget()
}
