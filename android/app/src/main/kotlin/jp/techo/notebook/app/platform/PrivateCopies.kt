package jp.techo.notebook.app.platform

import android.content.ContentResolver
import android.database.Cursor
import android.net.Uri
import android.provider.OpenableColumns
import android.system.ErrnoException
import android.system.OsConstants
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.PickedCopy
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.util.UUID

/** Copies what another app offers into a private file, bounded in size; the copy goes when it is closed, and at the next start. */
internal class PrivateCopies(
    private val resolver: ContentResolver,
    private val folder: File,
    /** Bytes that can still be written to [folder]. */
    private val room: () -> Long = { folder.usableSpace },
) {
    /** Reads at most [limit] bytes. Blocking. Whatever the other app does wrong becomes a value. */
    fun copy(
        from: Uri,
        limit: Long,
    ): Picked =
        try {
            val (name, size) = describe(from)
            when {
                size > limit -> Picked.TooLarge(size, limit)
                !folder.isDirectory && !folder.mkdirs() -> Picked.NoSpace
                size > room() -> Picked.NoSpace
                else -> resolver.openInputStream(from)?.use { write(it, name, limit) } ?: Picked.NotReadable
            }
        } catch (error: IOException) {
            failure(error)
        } catch (_: RuntimeException) {
            // Another app's provider may throw anything through the binder, SecurityException among it.
            Picked.NotReadable
        }

    /** Deletes the copies of an earlier process. Blocking. */
    fun clean() {
        folder.deleteRecursively()
    }

    private fun write(
        input: InputStream,
        name: String,
        limit: Long,
    ): Picked {
        val file = File(folder, UUID.randomUUID().toString())
        var whole = false
        try {
            val read = file.outputStream().use { pour(input, it, limit) }
            // The size that was promised is the other app's word; this is ours.
            if (read > limit) return Picked.TooLarge(read, limit)
            whole = true
            return Picked.Document(Copy(name, read, file))
        } finally {
            if (!whole) file.delete()
        }
    }

    /** How much was read; more than [limit] means that it broke off there. */
    private fun pour(
        input: InputStream,
        output: OutputStream,
        limit: Long,
    ): Long {
        val buffer = ByteArray(BUFFER)
        var read = 0L
        while (read <= limit) {
            val count = input.read(buffer)
            if (count < 0) break
            output.write(buffer, 0, count)
            read += count
        }
        return read
    }

    private fun describe(uri: Uri): Pair<String, Long> {
        val columns = arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)
        val found = resolver.query(uri, columns, null, null, null)?.use { if (it.moveToFirst()) row(it) else null }
        return found ?: ("" to UNKNOWN)
    }

    private fun row(cursor: Cursor): Pair<String, Long> {
        val name = cursor.getColumnIndex(OpenableColumns.DISPLAY_NAME)
        val size = cursor.getColumnIndex(OpenableColumns.SIZE)
        return tidyName(if (name < 0) null else cursor.getString(name)) to
            (if (size < 0 || cursor.isNull(size)) UNKNOWN else cursor.getLong(size))
    }

    private class Copy(
        override val name: String,
        override val size: Long,
        override val file: File,
    ) : PickedCopy {
        override fun close() {
            file.delete()
        }

        override fun toString() = "Copy($size bytes)"
    }

    companion object {
        private const val BUFFER = 64 * 1024
        private const val UNKNOWN = -1L
        private const val LONGEST_NAME = 120

        /** A name from another app, for showing: no folders, no control characters, not endless. */
        fun tidyName(name: String?): String =
            name
                .orEmpty()
                .substringAfterLast('/')
                .filterNot { it.isISOControl() || it in BIDIRECTIONAL }
                .take(LONGEST_NAME)
                .trim()

        // They turn the reading direction, and make fdp.exe look like exe.pdf.
        private val BIDIRECTIONAL = ('\u202A'..'\u202E') + ('\u2066'..'\u2069')

        fun failure(error: IOException): Picked = if (isFull(error)) Picked.NoSpace else Picked.NotReadable

        /** Whether the disk is full, however deep the system hid that. */
        fun isFull(error: Throwable): Boolean =
            generateSequence(error) { it.cause }.take(DEPTH).any { it is ErrnoException && it.errno in FULL }

        private val FULL = setOf(OsConstants.ENOSPC, OsConstants.EDQUOT)
        private const val DEPTH = 8
    }
}
