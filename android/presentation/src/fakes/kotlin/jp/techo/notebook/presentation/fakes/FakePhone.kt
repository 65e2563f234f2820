package jp.techo.notebook.presentation.fakes

import jp.techo.notebook.presentation.Phone
import jp.techo.notebook.presentation.platform.Brightness
import jp.techo.notebook.presentation.platform.Browser
import jp.techo.notebook.presentation.platform.CardKey
import jp.techo.notebook.presentation.platform.Confirmation
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.DeviceLock
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.DeviceMemory
import jp.techo.notebook.presentation.platform.DocumentPicker
import jp.techo.notebook.presentation.platform.FaceDown
import jp.techo.notebook.presentation.platform.LibraryGuard
import jp.techo.notebook.presentation.platform.LibraryState
import jp.techo.notebook.presentation.platform.Notice
import jp.techo.notebook.presentation.platform.Notices
import jp.techo.notebook.presentation.platform.Painter
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.PickedCopy
import jp.techo.notebook.presentation.platform.PictureSource
import jp.techo.notebook.presentation.platform.Preferences
import jp.techo.notebook.presentation.platform.PrintPage
import jp.techo.notebook.presentation.platform.PrintSheet
import jp.techo.notebook.presentation.platform.Printing
import jp.techo.notebook.presentation.platform.ReturnAddresses
import jp.techo.notebook.presentation.platform.Saved
import jp.techo.notebook.presentation.platform.ScreenGuard
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.platform.ShareSheet
import jp.techo.notebook.presentation.platform.Unsealed
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.receiveAsFlow
import java.io.File
import java.io.OutputStream

/** A phone in memory: what the person would pick, answer and save is said beforehand. It survives the "process". */
class FakePhone(
    val root: File,
) {
    val lock = FakeLock()
    val memory = FakeMemory()
    val picks = FakePicks(root) { meanwhile() }
    val shared = mutableListOf<String>()
    val printed = mutableListOf<PrintSheet>()
    val printedPages = mutableListOf<PrintPage>()
    val cardKey = FakeCardKey()

    /** What is watched for being laid on its face. */
    val faces = mutableListOf<() -> Unit>()
    var isBright = false
    val opened = mutableListOf<String>()
    val shown = mutableSetOf<Notice>()
    val arrivals = Channel<String>(Channel.UNLIMITED)
    var isProtected = true

    var canPrint = true

    /** What happens while another app is in front, before it answers. */
    var meanwhile: () -> Unit = {}
    var library = LibraryState.READY

    /** The phone as the presenters see it. */
    fun phone() =
        Phone(
            lock,
            memory,
            picks,
            picks,
            sharing,
            printing,
            browser,
            returns,
            notices,
            guard,
            check,
            preferences,
            cardKey,
            brightness,
            faceDown,
            painter,
        )

    private val brightness =
        object : Brightness {
            override fun raise(on: Boolean) {
                isBright = on
            }
        }
    private val faceDown =
        object : FaceDown {
            override fun watch(turned: () -> Unit): AutoCloseable {
                faces += turned
                return AutoCloseable { faces -= turned }
            }
        }

    // As it is: whether pixels come of it is the adapter's.
    private val painter =
        object : Painter {
            override suspend fun png(svg: String) = svg.toByteArray()
        }
    private val sharing =
        object : ShareSheet {
            override suspend fun share(
                name: String,
                type: String,
                write: (OutputStream) -> Unit,
            ): Boolean {
                File(root, name).outputStream().use(write)
                return shared.add(name)
            }

            override suspend fun clean() = Unit
        }
    private val printing =
        object : Printing {
            override fun print(sheet: PrintSheet) = canPrint && printed.add(sheet)

            override fun print(page: PrintPage) = canPrint && printedPages.add(page)
        }
    private val browser =
        object : Browser {
            override fun open(address: String) = opened.add(address)
        }
    private val returns =
        object : ReturnAddresses {
            override val arrivals: Flow<String> get() = this@FakePhone.arrivals.receiveAsFlow()
        }
    private val notices =
        object : Notices {
            override fun allowed() = true

            override suspend fun ask() = true.also { meanwhile() }

            override fun show(notice: Notice) {
                shown += notice
            }

            override fun withdraw(notice: Notice) {
                shown -= notice
            }
        }
    private val guard =
        object : ScreenGuard {
            override fun protect(on: Boolean) {
                isProtected = on
            }
        }
    private val check =
        object : LibraryGuard {
            override suspend fun check() = library
        }
    private val preferences =
        object : Preferences {
            private val flags = mutableMapOf<String, Boolean>()
            private val numbers = mutableMapOf<String, Int>()

            override fun flag(
                name: String,
                otherwise: Boolean,
            ) = flags[name] ?: otherwise

            override fun keep(
                name: String,
                value: Boolean,
            ) = flags.set(name, value)

            override fun number(
                name: String,
                otherwise: Int,
            ) = numbers[name] ?: otherwise

            override fun keep(
                name: String,
                value: Int,
            ) = numbers.set(name, value)
        }
}

/** A keystore in memory. */
class FakeLock : DeviceLock {
    private val keys = mutableMapOf<List<Byte>, ByteArray>()
    var state = DeviceLockState.READY

    /** What the person or the phone answers instead of the key. */
    var instead: Unsealed? = null
    var asked = 0

    /** What the phone does while its prompt is up. */
    var meanwhile: () -> Unit = {}

    override fun state() = state

    override suspend fun seal(key: ByteArray): Sealed {
        if (state != DeviceLockState.READY) return Sealed.Unavailable
        meanwhile()
        val sealed = ByteArray(SEALED) { (keys.size + 1).toByte() }
        keys[sealed.toList()] = key.copyOf()
        return Sealed.Bytes(sealed, false)
    }

    override suspend fun unseal(
        sealed: ByteArray,
        act: ConfirmedAct?,
    ): Unsealed {
        asked += 1
        meanwhile()
        return instead ?: keys[sealed.toList()]?.let { Unsealed.Key(it.copyOf()) } ?: Unsealed.KeyLost
    }

    override suspend fun confirm(act: ConfirmedAct) = Confirmation.CONFIRMED

    override fun forget() = keys.clear()

    private companion object {
        const val SEALED = 16
    }
}

/** The key of the cards, in memory. */
class FakeCardKey : CardKey {
    var kept: ByteArray? = null
    var isAway = false

    override suspend fun recall() = kept?.takeIf { !isAway }?.copyOf()

    override suspend fun keep(secret: ByteArray): Boolean {
        if (!isAway) kept = secret.copyOf()
        return !isAway
    }

    override suspend fun forget() {
        kept = null
    }
}

/** What the phone remembers, in memory. */
class FakeMemory : DeviceMemory {
    var kept: ByteArray? = null

    override suspend fun last() = kept

    override suspend fun keep(bytes: ByteArray): Boolean {
        kept = bytes
        return true
    }
}

/** Picking: what the person would pick next, and what was saved. */
class FakePicks(
    private val root: File,
    private val meanwhile: () -> Unit = {},
) : DocumentPicker,
    PictureSource {
    private var count = 0
    var next: Picked = Picked.Cancelled
    var left: Picked? = null
    var saves: Saved = Saved.Done(null)
    val saved = mutableListOf<File>()

    /** The person will pick a copy of [file]. */
    fun pick(file: File) {
        next = Picked.Document(copy(file))
    }

    fun copy(file: File): PickedCopy {
        val to = File(root, "picked/${++count}/${file.name}").apply { parentFile.mkdirs() }
        file.copyTo(to)
        return object : PickedCopy {
            override val name = file.name
            override val size = to.length()
            override val file = to

            override fun close() {
                to.delete()
            }
        }
    }

    override suspend fun open(types: List<String>) = next.also { meanwhile() }

    override suspend fun save(
        name: String,
        type: String,
        write: (OutputStream) -> Unit,
    ): Saved {
        meanwhile()
        if (saves is Saved.Done) {
            val to = File(root, "saved/${saved.size}/$name").apply { parentFile.mkdirs() }
            to.outputStream().use(write)
            saved += to
        }
        return saves
    }

    override suspend fun leftOver() = left.also { left = null }

    override fun hasCamera() = true

    override suspend fun photograph() = next.also { meanwhile() }

    override suspend fun choose() = next.also { meanwhile() }
}
