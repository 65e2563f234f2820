package jp.techo.notebook.app.platform

import jp.techo.notebook.presentation.platform.DeviceMemory
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import java.security.GeneralSecurityException

/** A few bytes in a file of their own, sealed by a keystore key that asks nobody: who changes the file cannot make up others. */
internal class KeystoreMemory(
    private val keys: Keys,
    private val file: File,
    private val background: CoroutineDispatcher,
) : DeviceMemory {
    override suspend fun last(): ByteArray? =
        withContext(background) {
            try {
                val read = if (file.isFile) SealedBytes.read(file.readBytes()) else null
                val opened = read?.let { keys.toUnseal(ALIAS, it.nonce) } as? Keyed.Ready
                if (read == null || opened == null) return@withContext null
                opened.cipher.updateAAD(SealedBytes.head(read.number, read.asks))
                opened.cipher.doFinal(read.sealed)
            } catch (_: GeneralSecurityException) {
                null
            } catch (_: IOException) {
                null
            }
        }

    override suspend fun keep(bytes: ByteArray): Boolean =
        withContext(background) {
            try {
                val found = keys.toSeal(ALIAS)
                val made = if (found == Keyed.Lost) keys.make(ALIAS, KeyAsks.NOBODY) else found
                val cipher = (made as? Keyed.Ready)?.cipher ?: return@withContext false
                cipher.updateAAD(SealedBytes.head(0, KeyAsks.NOBODY))
                val sealed = cipher.doFinal(bytes)
                val half = File(file.path + ".new")
                half.writeBytes(SealedBytes(0, KeyAsks.NOBODY, cipher.iv, sealed).write())
                Files.move(half.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
                true
            } catch (_: GeneralSecurityException) {
                false
            } catch (_: IOException) {
                false
            }
        }

    private companion object {
        const val ALIAS = "techo.memory"
    }
}
