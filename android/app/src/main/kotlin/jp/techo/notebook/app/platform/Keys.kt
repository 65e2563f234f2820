package jp.techo.notebook.app.platform

import android.content.Context
import android.content.pm.PackageManager
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.Key
import java.security.KeyStore
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.spec.GCMParameterSpec

/** Who has to be there before a key does anything. */
internal enum class KeyAsks(
    /** The bits of `KeyProperties.AUTH_…`; 0: nobody. */
    val authenticators: Int,
) {
    NOBODY(0),

    /**
     * Finger or face. Alone, because only such a key dies when somebody adds a finger: one that also takes the screen lock
     * stays valid, and whoever knows the screen lock could add their own finger.
     */
    BIOMETRIC(KeyProperties.AUTH_BIOMETRIC_STRONG),

    /** The screen lock, on phones without a finger or face. */
    SCREEN_LOCK(KeyProperties.AUTH_DEVICE_CREDENTIAL),
}

/** What came of asking the keystore. */
internal sealed interface Keyed {
    class Ready(
        val cipher: Cipher,
    ) : Keyed

    /** There is no such key, or it is dead for ever. */
    data object Lost : Keyed

    /** The keystore does not answer now. */
    data object Unavailable : Keyed
}

/** AES-256-GCM keys inside the phone's keystore; no byte of one is ever seen here. */
internal class Keys(
    private val context: Context,
) {
    /** Whether the key of [alias] made last lies in a chip of its own. */
    var inSecureElement = false
        private set

    fun isThere(): Boolean =
        try {
            store()
            true
        } catch (_: GeneralSecurityException) {
            false
        } catch (_: IOException) {
            false
        } catch (_: ProviderException) {
            false
        }

    /** Makes a new key of this name, in place of an earlier one, and a cipher that seals with it. */
    fun make(
        alias: String,
        asks: KeyAsks,
    ): Keyed =
        guarded {
            generate(alias, asks)
            val cipher = Cipher.getInstance(TRANSFORMATION)
            cipher.init(Cipher.ENCRYPT_MODE, key(alias) ?: return@guarded Keyed.Unavailable)
            Keyed.Ready(cipher)
        }

    /** A cipher that seals with the key of this name. */
    fun toSeal(alias: String): Keyed = cipher(alias) { init(Cipher.ENCRYPT_MODE, it) }

    /** A cipher that opens what was sealed with [nonce]. */
    fun toUnseal(
        alias: String,
        nonce: ByteArray,
    ): Keyed = cipher(alias) { init(Cipher.DECRYPT_MODE, it, GCMParameterSpec(TAG_BITS, nonce)) }

    fun has(alias: String): Boolean {
        var found = false
        guarded {
            found = store().containsAlias(alias)
            Keyed.Lost
        }
        return found
    }

    fun delete(alias: String) {
        guarded {
            store().deleteEntry(alias)
            Keyed.Lost
        }
    }

    private fun cipher(
        alias: String,
        prepare: Cipher.(Key) -> Unit,
    ): Keyed =
        guarded {
            val key = key(alias) ?: return@guarded Keyed.Lost
            Keyed.Ready(Cipher.getInstance(TRANSFORMATION).apply { prepare(key) })
        }

    private fun guarded(ask: () -> Keyed): Keyed =
        try {
            ask()
        } catch (_: KeyPermanentlyInvalidatedException) {
            Keyed.Lost
        } catch (_: UnrecoverableKeyException) {
            Keyed.Lost
        } catch (_: GeneralSecurityException) {
            Keyed.Unavailable
        } catch (_: IOException) {
            Keyed.Unavailable
        } catch (_: ProviderException) {
            // The keystore's own way to say that its service failed.
            Keyed.Unavailable
        }

    private fun generate(
        alias: String,
        asks: KeyAsks,
    ) {
        val hasChip = context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE)
        inSecureElement = hasChip && tryGenerate(alias, asks)
        if (!inSecureElement) generate(specification(alias, asks, inChip = false))
    }

    /** Some phones say that they have the chip and then have no room in it. */
    private fun tryGenerate(
        alias: String,
        asks: KeyAsks,
    ): Boolean =
        try {
            generate(specification(alias, asks, inChip = true))
            true
        } catch (_: StrongBoxUnavailableException) {
            false
        }

    private fun generate(specification: KeyGenParameterSpec) {
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE)
        generator.init(specification)
        generator.generateKey()
    }

    private fun specification(
        alias: String,
        asks: KeyAsks,
        inChip: Boolean,
    ): KeyGenParameterSpec {
        val builder =
            KeyGenParameterSpec
                .Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setKeySize(KEY_BITS)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setIsStrongBoxBacked(inChip)
        if (asks != KeyAsks.NOBODY) {
            builder
                .setUserAuthenticationRequired(true)
                // Zero seconds: each use asks anew.
                .setUserAuthenticationParameters(0, asks.authenticators)
                .setInvalidatedByBiometricEnrollment(true)
        }
        return builder.build()
    }

    private fun key(alias: String): Key? = store().getKey(alias, null)

    private fun store(): KeyStore = KeyStore.getInstance(STORE).apply { load(null) }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
    }
}
