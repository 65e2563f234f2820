package jp.techo.notebook.app.platform

import android.app.KeyguardManager
import android.content.Context
import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricPrompt
import android.security.keystore.KeyProperties
import jp.techo.notebook.R
import jp.techo.notebook.presentation.platform.Confirmation
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.platform.Unsealed
import kotlinx.coroutines.Dispatchers
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowBiometricManager
import java.io.File
import javax.crypto.Cipher

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 35], application = android.app.Application::class)
class KeystoreTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val keys = Keys(context)
    private val prompts = mutableListOf<Pair<Int, Int>>()
    private var answer: (Cipher?) -> AuthAnswer = { AuthAnswer.Granted(it) }
    private val secret = ByteArray(32) { it.toByte() }
    private val lock =
        KeystoreLock(context, keys) { title, authenticators, cipher ->
            prompts += title to authenticators
            answer(cipher)
        }

    @Before
    fun phone() {
        FakeKeystore.install()
        shadowOf(context.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        fingers(true)
    }

    @After
    fun away() = FakeKeystore.remove()

    private fun fingers(enrolled: Boolean) {
        Shadow.extract<ShadowBiometricManager>(context.getSystemService(BiometricManager::class.java)).setCanAuthenticate(enrolled)
    }

    private fun seal() = (asking { lock.seal(secret) }.answer() as Sealed.Bytes).bytes

    private fun unseal(sealed: ByteArray) = asking { lock.unseal(sealed) }.answer()

    @Test
    fun `what was sealed comes back, and the sealed bytes hold none of it`() {
        val sealed = seal()
        assertArrayEquals(secret, (unseal(sealed) as Unsealed.Key).bytes)
        assertFalse(sealed.toList().windowed(8).any { it == secret.take(8) })
        assertEquals(listOf(R.string.lock_title_seal, R.string.lock_title_unseal), prompts.map { it.first })
    }

    @Test
    fun `a key of 256 bits asks for a finger at each use and dies with a new finger`() {
        seal()
        val asked = FakeKeystore.specifications.values.single()
        assertEquals(256, asked.keySize)
        assertTrue(asked.isUserAuthenticationRequired)
        assertEquals(0, asked.userAuthenticationValidityDurationSeconds)
        assertEquals(KeyProperties.AUTH_BIOMETRIC_STRONG, asked.userAuthenticationType)
        assertTrue(asked.isInvalidatedByBiometricEnrollment)
        assertEquals(listOf(KeyProperties.BLOCK_MODE_GCM), asked.blockModes.toList())
        assertEquals(BiometricManager.Authenticators.BIOMETRIC_STRONG, prompts.single().second)
    }

    @Test
    fun `a phone without a finger uses its screen lock, also after a finger came`() {
        fingers(false)
        val sealed = seal()
        assertEquals(KeyProperties.AUTH_DEVICE_CREDENTIAL, FakeKeystore.specifications.values.single().userAuthenticationType)
        fingers(true)
        assertTrue(unseal(sealed) is Unsealed.Key)
        assertEquals(BiometricManager.Authenticators.DEVICE_CREDENTIAL, prompts.last().second)
    }

    @Test
    fun `a key that a new finger killed is lost, and says so without asking`() {
        val sealed = seal()
        FakeKeystore.invalidate("techo.device.0")
        assertEquals(Unsealed.KeyLost, unseal(sealed))
        assertEquals(1, prompts.size)
    }

    @Test
    fun `a keystore that was emptied means lost, not damaged and not a new start`() {
        val sealed = seal()
        FakeKeystore.keys.clear()
        assertEquals(Unsealed.KeyLost, unseal(sealed))
    }

    @Test
    fun `bytes that are not ours or were touched are damaged`() {
        val sealed = seal()
        for (index in listOf(4, 20, sealed.size - 1)) {
            val touched = sealed.copyOf().also { it[index] = (it[index] + 1).toByte() }
            assertEquals("byte $index", Unsealed.Damaged, unseal(touched))
        }
        // Whom the key asks is bound as well.
        assertEquals(Unsealed.Damaged, unseal(sealed.copyOf().also { it[2] = KeyAsks.SCREEN_LOCK.ordinal.toByte() }))
        for (other in listOf(ByteArray(0), ByteArray(10), ByteArray(64), sealed.copyOf(31))) assertEquals(Unsealed.Damaged, unseal(other))
    }

    @Test
    fun `who turns away from the prompt loses nothing, and the earlier seal still opens`() {
        val sealed = seal()
        answer = { AuthAnswer.Cancelled }
        assertEquals(Sealed.Cancelled, asking { lock.seal(secret) }.answer())
        assertEquals(Unsealed.Cancelled, unseal(sealed))
        answer = { AuthAnswer.LockedOut }
        assertEquals(Unsealed.LockedOut, unseal(sealed))
        assertEquals(setOf("techo.device.0"), FakeKeystore.keys.keys)
        answer = { AuthAnswer.Granted(it) }
        assertTrue(unseal(sealed) is Unsealed.Key)
    }

    @Test
    fun `sealing anew keeps the earlier key until the new one has opened once`() {
        val earlier = seal()
        val newer = seal()
        assertTrue("the app ended before it kept the newer bytes", unseal(earlier) is Unsealed.Key)
        assertEquals(Unsealed.KeyLost, unseal(newer))
        val last = seal()
        assertTrue(unseal(last) is Unsealed.Key)
        assertEquals(1, FakeKeystore.keys.size)
    }

    @Test
    fun `a phone without a screen lock or without a keystore is told apart`() {
        assertEquals(DeviceLockState.READY, lock.state())
        FakeKeystore.remove()
        assertEquals(DeviceLockState.UNAVAILABLE, lock.state())
        assertEquals(Sealed.Unavailable, asking { lock.seal(secret) }.answer())
        shadowOf(context.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(false)
        assertEquals(DeviceLockState.NO_SCREEN_LOCK, lock.state())
        assertEquals(Confirmation.UNAVAILABLE, asking { lock.confirm(ConfirmedAct.ERASE) }.answer())
    }

    @Test
    fun `confirming asks with the words of the act`() {
        assertEquals(Confirmation.CONFIRMED, asking { lock.confirm(ConfirmedAct.ERASE) }.answer())
        answer = { AuthAnswer.LockedOut }
        assertEquals(Confirmation.LOCKED_OUT, asking { lock.confirm(ConfirmedAct.EXPORT) }.answer())
        assertEquals(listOf(R.string.lock_title_erase, R.string.lock_title_export), prompts.map { it.first })
    }

    @Test
    fun `the prompt's own errors are sorted by what the person can do`() {
        fun sorted(code: Int): AuthAnswer? {
            var given: AuthAnswer? = null
            SystemPrompt.Answers { given = it }.onAuthenticationError(code, "x")
            return given
        }
        assertEquals(AuthAnswer.Cancelled, sorted(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED))
        assertEquals(AuthAnswer.LockedOut, sorted(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT))
        assertEquals(AuthAnswer.LockedOut, sorted(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT))
        assertEquals(AuthAnswer.Unavailable, sorted(BiometricPrompt.BIOMETRIC_ERROR_HW_UNAVAILABLE))
    }

    @Test
    fun `what the phone remembers is proven, and an invented memory is none`() {
        val file = File(context.noBackupFilesDir, "seen")
        val memory = KeystoreMemory(keys, file, Dispatchers.Unconfined)
        assertNull(asking { memory.last() }.answer())
        assertTrue(asking { memory.keep(byteArrayOf(7, 7)) }.answer())
        assertTrue(asking { memory.keep(byteArrayOf(8, 8)) }.answer())
        assertArrayEquals(byteArrayOf(8, 8), asking { memory.last() }.answer())
        assertFalse(FakeKeystore.specifications.getValue("techo.memory").isUserAuthenticationRequired)
        val touched = file.readBytes().also { it[it.size - 1] = (it.last() + 1).toByte() }
        file.writeBytes(touched)
        assertNull(asking { memory.last() }.answer())
        FakeKeystore.remove()
        assertFalse(asking { memory.keep(byteArrayOf(9)) }.answer())
    }

    @Test
    fun `the card's key asks nobody, is told apart from the memory's, and is gone when it is forgotten`() {
        val file = File(context.noBackupFilesDir, "card-key")
        val key = KeystoreCardKey(keys, file, Dispatchers.Unconfined)
        assertNull(asking { key.recall() }.answer())
        assertTrue(asking { key.keep(secret) }.answer())
        assertArrayEquals(secret, asking { key.recall() }.answer())
        assertFalse(FakeKeystore.specifications.getValue("techo.card").isUserAuthenticationRequired)
        assertFalse(file.readBytes().toList().windowed(8).any { it == secret.take(8) })
        assertEquals(0, prompts.size)
        // The memory's file in its place opens nothing.
        val memory = File(context.noBackupFilesDir, "seen")
        asking { KeystoreMemory(keys, memory, Dispatchers.Unconfined).keep(secret) }.answer()
        val own = file.readBytes()
        memory.copyTo(file, overwrite = true)
        assertNull(asking { key.recall() }.answer())
        file.writeBytes(own)
        asking { key.forget() }.answer()
        assertFalse(file.exists() || "techo.card" in FakeKeystore.keys)
        file.writeBytes(own)
        assertNull(asking { key.recall() }.answer())
    }
}
