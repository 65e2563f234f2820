package jp.techo.notebook.app.platform

import jp.techo.notebook.presentation.platform.CardKey
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
    keys: Keys,
    file: File,
    background: CoroutineDispatcher,
) : DeviceMemory {
    private val sealed = SealedFile(keys, "techo.memory", file, background)

    override suspend fun last(): ByteArray? = sealed.read()

    override suspend fun keep(bytes: ByteArray): Boolean = sealed.write(bytes)
}

/** The key of the cards that are readable without unlocking, sealed by a keystore key of its own. */
internal class KeystoreCardKey(
    keys: Keys,
    file: File,
    background: CoroutineDispatcher,
) : CardKey {
    private val sealed = SealedFile(keys, "techo.card", file, background)

    override suspend fun recall(): ByteArray? = sealed.read()

    override suspend fun keep(secret: ByteArray): Boolean = sealed.write(secret)

    override suspend fun forget() = sealed.forget()
}

/** [file], sealed by the keystore's key of the name [alias], which asks nobody and is made at the first use. */
private class SealedFile(
    private val keys: Keys,
    private val alias: String,
    private val file: File,
    private val background: CoroutineDispatcher,
) {
    suspend fun read(): ByteArray? =
        withContext(background) {
            try {
                val read = if (file.isFile) SealedBytes.read(file.readBytes()) else null
                val opened = read?.let { keys.toUnseal(alias, it.nonce) } as? Keyed.Ready
                if (read == null || opened == null) return@withContext null
                opened.cipher.updateAAD(SealedBytes.head(read.number, read.asks))
                opened.cipher.doFinal(read.sealed)
            } catch (_: GeneralSecurityException) {
                null
            } catch (_: IOException) {
                null
            }
        }

    suspend fun write(bytes: ByteArray): Boolean =
        withContext(background) {
            try {
                val found = keys.toSeal(alias)
                val made = if (found == Keyed.Lost) keys.make(alias, KeyAsks.NOBODY) else found
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

    suspend fun forget() {
        withContext(background) {
            keys.delete(alias)
            file.delete()
        }
    }
}
