package jp.techo.notebook.presentation

import jp.techo.notebook.presentation.platform.Brightness
import jp.techo.notebook.presentation.platform.Browser
import jp.techo.notebook.presentation.platform.CardKey
import jp.techo.notebook.presentation.platform.DeviceLock
import jp.techo.notebook.presentation.platform.DeviceMemory
import jp.techo.notebook.presentation.platform.DocumentPicker
import jp.techo.notebook.presentation.platform.FaceDown
import jp.techo.notebook.presentation.platform.LibraryGuard
import jp.techo.notebook.presentation.platform.Notices
import jp.techo.notebook.presentation.platform.Painter
import jp.techo.notebook.presentation.platform.PictureSource
import jp.techo.notebook.presentation.platform.Preferences
import jp.techo.notebook.presentation.platform.Printing
import jp.techo.notebook.presentation.platform.ReturnAddresses
import jp.techo.notebook.presentation.platform.ScreenGuard
import jp.techo.notebook.presentation.platform.ShareSheet
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.StandardCopyOption

/** Everything of the phone that the presenters use. */
class Phone(
    val lock: DeviceLock,
    val memory: DeviceMemory,
    val documents: DocumentPicker,
    val pictures: PictureSource,
    val share: ShareSheet,
    val printing: Printing,
    val browser: Browser,
    val returns: ReturnAddresses,
    val notices: Notices,
    val screen: ScreenGuard,
    val library: LibraryGuard,
    val preferences: Preferences,
    val cardKey: CardKey,
    val brightness: Brightness,
    val faceDown: FaceDown,
    val painter: Painter,
)

/** Where things lie below the app's private [root]. Reading and writing belong off the main thread. */
class Place(
    private val root: File,
) {
    /** The notebook's own folder; the library alone writes in it. */
    val vault: String get() = File(root, "notebook").path

    /** The sample family's throw-away folder. */
    val sample: String get() = File(root, "sample").path

    /** A private file to write to before it is handed on. */
    fun draft(name: String): File = File(root, "drafts").apply { mkdirs() }.resolve(name)

    /** Throws away what was written for handing on. */
    fun clean() {
        File(root, "drafts").deleteRecursively()
    }

    /** Throws away the sample family's folder. */
    fun cleanSample() {
        File(sample).deleteRecursively()
    }

    /** The device slot's sealed bytes, or null where there are none. */
    fun sealed(): ByteArray? = sealedFile.takeIf { it.isFile }?.readBytes()

    /** Keeps the device slot's sealed bytes: wholly, or not at all. */
    @Throws(IOException::class)
    fun keepSealed(bytes: ByteArray) {
        root.mkdirs()
        val half = File(root, "device-slot.new")
        half.writeBytes(bytes)
        Files.move(half.toPath(), sealedFile.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    }

    /** Forgets the device slot's sealed bytes. */
    fun forgetSealed() {
        sealedFile.delete()
    }

    /** Where somebody's card lies that is readable without unlocking: beside the notebook, never in it. */
    fun card(person: String): File {
        require(person.all { it.isLetterOrDigit() || it == '-' }) { "a person's id is no path" }
        return File(cards, person)
    }

    /** Whose cards lie there. */
    fun cardsThere(): List<String> = cards.list().orEmpty().filter { !it.endsWith(HALF) }.sorted()

    /** Keeps somebody's sealed card: wholly, or not at all. */
    @Throws(IOException::class)
    fun keepCard(
        person: String,
        sealed: ByteArray,
    ) {
        cards.mkdirs()
        val half = File(cards, person + HALF)
        half.writeBytes(sealed)
        Files.move(half.toPath(), card(person).toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    }

    /** The relay operator's profile, or null where there is none yet. */
    fun profile(): String? = profileFile.takeIf { it.isFile }?.readText()

    /** Keeps the relay operator's profile. */
    @Throws(IOException::class)
    fun keepProfile(toml: String) {
        root.mkdirs()
        profileFile.writeText(toml)
    }

    private val cards get() = File(root, "cards")
    private val sealedFile get() = File(root, "device-slot")
    private val profileFile get() = File(root, "relay.toml")

    private companion object {
        const val HALF = ".new"
    }
}
