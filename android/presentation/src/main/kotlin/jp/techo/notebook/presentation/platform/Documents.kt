package jp.techo.notebook.presentation.platform

import java.io.File
import java.io.OutputStream

/** Files that the person picks, and places they choose to save to. Only what was picked is ever read or written. */
interface DocumentPicker {
    /** Lets the person pick one file of [types] (MIME types; empty: any) and copies it to a private file. */
    suspend fun open(types: List<String> = emptyList()): Picked

    /**
     * Lets the person choose where to save, proposing [name], and has [write] write there. Half-written files are deleted.
     * [write] runs off the main thread.
     */
    suspend fun save(
        name: String,
        type: String,
        write: (OutputStream) -> Unit,
    ): Saved

    /**
     * A pick that was under way when the app's process died, answered after it came back; null when there is none.
     * Asked once at the start: it is given once.
     */
    suspend fun leftOver(): Picked?
}

/** Pictures of a QR code, for the core to decode. */
interface PictureSource {
    /** Whether a camera app is there to be asked. */
    fun hasCamera(): Boolean

    /** Asks the phone's own camera app for one picture, kept in a private file only. */
    suspend fun photograph(): Picked

    /** Lets the person pick a picture they have. */
    suspend fun choose(): Picked
}

/** What came of picking a file or taking a picture. */
sealed interface Picked {
    /** A private copy. Close it when done: that deletes the copy. */
    class Document(
        val copy: PickedCopy,
    ) : Picked

    /** The person picked nothing. */
    data object Cancelled : Picked

    /** Larger than [limit] bytes; nothing was copied. [size] is what is known of its size. */
    data class TooLarge(
        val size: Long,
        val limit: Long,
    ) : Picked

    /** The file's keeper did not hand it over, or broke off. */
    data object NotReadable : Picked

    /** This phone has no room for a copy. */
    data object NoSpace : Picked

    /** No app on this phone answers the question. */
    data object NothingAnswers : Picked
}

/** A private copy of what the person picked: [name] as they know it, [size] in bytes. */
interface PickedCopy : AutoCloseable {
    val name: String
    val size: Long
    val file: File

    /** The whole content; at most the limit that picking checked. */
    fun bytes(): ByteArray = file.readBytes()

    /** Deletes the copy. */
    override fun close()
}

/** What came of [DocumentPicker.save]. */
sealed interface Saved {
    /** Written; [name] as the place calls it, where it says so. */
    data class Done(
        val name: String?,
    ) : Saved

    data object Cancelled : Saved

    /** The place has no room; what was begun is deleted. */
    data object NoSpace : Saved

    /** The place broke off; what was begun is deleted where it allows that. */
    data object Failed : Saved

    /** No app on this phone answers the question. */
    data object NothingAnswers : Saved
}

/** The largest file that picking hands on, in bytes; the core's own limit for one container (`CONTAINER_BYTES`). */
const val LARGEST_PICK: Long = 256L * 1024 * 1024

/** The largest picture that picking hands on, in bytes. */
const val LARGEST_PICTURE: Long = 32L * 1024 * 1024
