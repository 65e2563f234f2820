package jp.techo.notebook.app.platform

import android.app.KeyguardManager
import android.content.Context
import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricManager.Authenticators
import androidx.annotation.StringRes
import jp.techo.notebook.R
import jp.techo.notebook.presentation.platform.Confirmation
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.DeviceLock
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.platform.Unsealed
import java.security.GeneralSecurityException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher

/**
 * The device slot by Android's keystore. Each sealing makes a key under a free number and touches no other: the person may
 * turn away from the prompt, and the app may end before the sealed bytes are kept. The next unsealing proves which key is
 * the one in use, and the others go then.
 */
internal class KeystoreLock(
    private val context: Context,
    private val keys: Keys,
    private val prompt: AuthPrompt,
) : DeviceLock {
    override fun state(): DeviceLockState =
        when {
            context.getSystemService(KeyguardManager::class.java)?.isDeviceSecure != true -> DeviceLockState.NO_SCREEN_LOCK
            !keys.isThere() -> DeviceLockState.UNAVAILABLE
            else -> DeviceLockState.READY
        }

    override suspend fun seal(key: ByteArray): Sealed {
        if (state() != DeviceLockState.READY) return Sealed.Unavailable
        val number = NUMBERS.firstOrNull { !keys.has(alias(it)) } ?: return Sealed.Unavailable
        val asks = if (hasBiometrics()) KeyAsks.BIOMETRIC else KeyAsks.SCREEN_LOCK
        val made = keys.make(alias(number), asks) as? Keyed.Ready
        val sealed = made?.let { seal(it.cipher, number, asks, key) } ?: Sealed.Unavailable
        if (sealed !is Sealed.Bytes) keys.delete(alias(number))
        return sealed
    }

    override suspend fun unseal(
        sealed: ByteArray,
        act: ConfirmedAct?,
    ): Unsealed {
        val read = SealedBytes.read(sealed)?.takeIf { it.number in NUMBERS } ?: return Unsealed.Damaged
        val cipher =
            when (val found = keys.toUnseal(alias(read.number), read.nonce)) {
                is Keyed.Ready -> found.cipher
                // Without a screen lock the system has already deleted the key; that is the same loss.
                Keyed.Lost -> return Unsealed.KeyLost
                Keyed.Unavailable -> return Unsealed.Unavailable
            }
        return when (val answer = prompt.ask(title(act), authenticators(read.asks), cipher)) {
            is AuthAnswer.Granted -> unseal(answer.cipher ?: cipher, read)
            AuthAnswer.Cancelled -> Unsealed.Cancelled
            AuthAnswer.LockedOut -> Unsealed.LockedOut
            AuthAnswer.Unavailable -> Unsealed.Unavailable
        }
    }

    override suspend fun confirm(act: ConfirmedAct): Confirmation {
        if (context.getSystemService(KeyguardManager::class.java)?.isDeviceSecure != true) return Confirmation.UNAVAILABLE
        val either = Authenticators.BIOMETRIC_STRONG or Authenticators.DEVICE_CREDENTIAL
        return when (prompt.ask(title(act), either, null)) {
            is AuthAnswer.Granted -> Confirmation.CONFIRMED
            AuthAnswer.Cancelled -> Confirmation.CANCELLED
            AuthAnswer.LockedOut -> Confirmation.LOCKED_OUT
            AuthAnswer.Unavailable -> Confirmation.UNAVAILABLE
        }
    }

    override fun forget() = NUMBERS.forEach { keys.delete(alias(it)) }

    private suspend fun seal(
        cipher: Cipher,
        number: Int,
        asks: KeyAsks,
        key: ByteArray,
    ): Sealed =
        when (val answer = prompt.ask(R.string.lock_title_seal, authenticators(asks), cipher)) {
            is AuthAnswer.Granted ->
                try {
                    val granted = answer.cipher ?: cipher
                    granted.updateAAD(SealedBytes.head(number, asks))
                    val sealed = granted.doFinal(key)
                    Sealed.Bytes(SealedBytes(number, asks, granted.iv, sealed).write(), keys.inSecureElement)
                } catch (_: GeneralSecurityException) {
                    Sealed.Unavailable
                } catch (_: IllegalStateException) {
                    Sealed.Unavailable
                }
            AuthAnswer.Cancelled -> Sealed.Cancelled
            AuthAnswer.LockedOut -> Sealed.LockedOut
            AuthAnswer.Unavailable -> Sealed.Unavailable
        }

    private fun unseal(
        cipher: Cipher,
        read: SealedBytes,
    ): Unsealed =
        try {
            cipher.updateAAD(SealedBytes.head(read.number, read.asks))
            val key = Unsealed.Key(cipher.doFinal(read.sealed))
            NUMBERS.filter { it != read.number }.forEach { keys.delete(alias(it)) }
            key
        } catch (_: AEADBadTagException) {
            Unsealed.Damaged
        } catch (_: GeneralSecurityException) {
            Unsealed.Unavailable
        } catch (_: IllegalStateException) {
            Unsealed.Unavailable
        }

    private fun hasBiometrics(): Boolean =
        context.getSystemService(BiometricManager::class.java)?.canAuthenticate(Authenticators.BIOMETRIC_STRONG) ==
            BiometricManager.BIOMETRIC_SUCCESS

    private fun authenticators(asks: KeyAsks): Int =
        if (asks == KeyAsks.BIOMETRIC) Authenticators.BIOMETRIC_STRONG else Authenticators.DEVICE_CREDENTIAL

    @StringRes
    private fun title(act: ConfirmedAct?): Int =
        when (act) {
            null -> R.string.lock_title_unseal
            ConfirmedAct.FETCH -> R.string.lock_title_fetch
            ConfirmedAct.EXPORT -> R.string.lock_title_export
            ConfirmedAct.ERASE -> R.string.lock_title_erase
            ConfirmedAct.SHOW -> R.string.lock_title_show
            ConfirmedAct.CARD -> R.string.lock_title_card
            ConfirmedAct.SETTINGS -> R.string.lock_title_settings
        }

    private fun alias(number: Int) = "techo.device.$number"

    private companion object {
        /** More than are ever in use at once: the one that is kept, and one for each sealing that was broken off since. */
        val NUMBERS = 0..7
    }
}
