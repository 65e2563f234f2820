package jp.techo.notebook.app.platform

import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.CancellationSignal
import androidx.annotation.StringRes
import jp.techo.notebook.R
import kotlinx.coroutines.suspendCancellableCoroutine
import javax.crypto.Cipher
import kotlin.coroutines.resume

/** What came of the phone's prompt. */
internal sealed interface AuthAnswer {
    /** With the cipher that the keystore now lets work. */
    class Granted(
        val cipher: Cipher?,
    ) : AuthAnswer

    data object Cancelled : AuthAnswer

    data object LockedOut : AuthAnswer

    data object Unavailable : AuthAnswer
}

/** Asks the person to show who they are. An interface, because a prompt can only be answered by a finger. */
internal fun interface AuthPrompt {
    suspend fun ask(
        @StringRes title: Int,
        authenticators: Int,
        cipher: Cipher?,
    ): AuthAnswer
}

/** Android's own prompt. */
internal class SystemPrompt(
    private val stage: Stage,
) : AuthPrompt {
    override suspend fun ask(
        @StringRes title: Int,
        authenticators: Int,
        cipher: Cipher?,
    ): AuthAnswer {
        val activity = stage.activity ?: return AuthAnswer.Unavailable
        return suspendCancellableCoroutine { waiting ->
            val answer = { given: AuthAnswer -> if (waiting.isActive) waiting.resume(given) }
            val builder = BiometricPrompt.Builder(activity).setTitle(activity.getString(title)).setAllowedAuthenticators(authenticators)
            if (authenticators and Authenticators.DEVICE_CREDENTIAL == 0) {
                builder.setNegativeButton(activity.getString(R.string.lock_other_way), activity.mainExecutor) { _, _ ->
                    answer(AuthAnswer.Cancelled)
                }
            }
            val signal = CancellationSignal()
            waiting.invokeOnCancellation { signal.cancel() }
            val callback = Answers(answer)
            val prompt = builder.build()
            if (cipher == null) {
                prompt.authenticate(signal, activity.mainExecutor, callback)
            } else {
                prompt.authenticate(BiometricPrompt.CryptoObject(cipher), signal, activity.mainExecutor, callback)
            }
        }
    }

    /** A finger that was not recognised is no answer: the prompt stays and asks again. */
    internal class Answers(
        private val answer: (AuthAnswer) -> Unit,
    ) : BiometricPrompt.AuthenticationCallback() {
        override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) =
            answer(AuthAnswer.Granted(result.cryptoObject?.cipher))

        override fun onAuthenticationError(
            errorCode: Int,
            errString: CharSequence?,
        ) = answer(
            when (errorCode) {
                BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED, BiometricPrompt.BIOMETRIC_ERROR_CANCELED -> AuthAnswer.Cancelled
                BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT -> AuthAnswer.Cancelled
                BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT, BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT -> AuthAnswer.LockedOut
                else -> AuthAnswer.Unavailable
            },
        )
    }
}
