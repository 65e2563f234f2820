package jp.techo.notebook.presentation.platform

/**
 * This phone's own lock around the vault's key: the sealed bytes are the vault's *device slot*, the key that opens them
 * never leaves the phone's keystore, and the person is asked (finger, face or screen lock) each time it is used.
 *
 * The phone's prompt may cover the whole screen, as if the app had been left: asking is an errand ([AppLock.errand]).
 *
 * Every answer is a value. Whoever gets [Unsealed.KeyLost] asks for the passphrase or the recovery kit; a new, empty vault
 * is never the answer.
 */
interface DeviceLock {
    /** Whether sealing can work at all on this phone, now. Instant. */
    fun state(): DeviceLockState

    /** Seals [key] with a new keystore key, after asking the person; an earlier key of ours is replaced on success. */
    suspend fun seal(key: ByteArray): Sealed

    /** Gives back what [seal] was given, after asking the person; with [act], the prompt says what for. */
    suspend fun unseal(
        sealed: ByteArray,
        act: ConfirmedAct? = null,
    ): Unsealed

    /** Asks the person to show who they are before [act], touching no key of the vault. */
    suspend fun confirm(act: ConfirmedAct): Confirmation

    /** Throws the keystore's key away: what was sealed with it stays sealed for ever. */
    fun forget()
}

/** Whether this phone can keep a key for us. */
enum class DeviceLockState {
    /** A screen lock is set and a key can be made. */
    READY,

    /** The phone has no screen lock: the person has to set one first. */
    NO_SCREEN_LOCK,

    /** The phone's keystore does not answer. */
    UNAVAILABLE,
}

/** What came of [DeviceLock.seal]. */
sealed interface Sealed {
    /** The bytes to keep as the vault's device slot. [inSecureElement] is true where a chip of its own (StrongBox) holds the key. */
    class Bytes(
        val bytes: ByteArray,
        val inSecureElement: Boolean,
    ) : Sealed

    /** The person said no, or turned away. */
    data object Cancelled : Sealed

    /** Too many wrong tries; the phone asks to wait or to use its screen lock. */
    data object LockedOut : Sealed

    /** No screen lock, or the keystore does not answer. */
    data object Unavailable : Sealed
}

/** What came of [DeviceLock.unseal]. */
sealed interface Unsealed {
    /** The key. Whoever takes it overwrites it after use ([wipe]). */
    class Key(
        val bytes: ByteArray,
    ) : Unsealed {
        /** Overwrites the key with zeros. */
        fun wipe() = bytes.fill(0)
    }

    /** The person said no, or turned away. */
    data object Cancelled : Unsealed

    /** Too many wrong tries; the phone asks to wait. */
    data object LockedOut : Unsealed

    /**
     * The keystore's key is gone for ever: a finger or face was added, the screen lock was taken away, or the app's data
     * came from another phone. Passphrase or recovery kit opens the vault; afterwards [DeviceLock.seal] again.
     */
    data object KeyLost : Unsealed

    /** The sealed bytes are not what [DeviceLock.seal] gave. */
    data object Damaged : Unsealed

    /** The keystore does not answer now; nothing is lost. */
    data object Unavailable : Unsealed
}

/** Before what the person shows who they are. The platform chooses the words of its prompt. */
enum class ConfirmedAct { FETCH, EXPORT, ERASE, SHOW, CARD, SETTINGS }

/** What came of [DeviceLock.confirm]. */
enum class Confirmation { CONFIRMED, CANCELLED, LOCKED_OUT, UNAVAILABLE }
