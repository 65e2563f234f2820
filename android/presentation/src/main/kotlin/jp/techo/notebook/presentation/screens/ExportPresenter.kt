package jp.techo.notebook.presentation.screens

import jp.techo.core.ArchiveDone
import jp.techo.core.ExportFormat
import jp.techo.core.NewKeys
import jp.techo.core.PersonView
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.PickedCopy
import jp.techo.notebook.presentation.platform.Saved
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.trouble
import java.io.File

/** What goes out, and in which form. */
data class Export(
    val format: ExportFormat = ExportFormat.TECHO,
    val people: List<PersonView> = emptyList(),
    val person: String? = null,
    /** What was written, in words; null until something was. */
    val done: String? = null,
)

/** Takes records out into a file the person chooses, or hands it to another app. */
class ExportPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Export>(desk, entry, Export()) {
    override fun read() =
        reading {
            val people = vault { it.people() }
            show { it.copy(people = people) }
        }

    fun format(format: ExportFormat) = show { it.copy(format = format, done = null) }

    fun person(id: String?) = show { it.copy(person = id, done = null) }

    /** Saves where the person says. [passphrase] seals an archive; without one it is as open as the records in it. */
    fun save(passphrase: String?) =
        export(passphrase) { file, format ->
            val saved =
                desk.errand {
                    desk.phone.documents.save(file.name, format.type) { out -> file.inputStream().use { it.copyTo(out) } }
                }
            saved.trouble()?.let(::say)
            saved is Saved.Done
        }

    /** Offers it to another app. */
    fun share(passphrase: String?) =
        export(passphrase) { file, format ->
            val shared =
                desk.sendOut {
                    desk.phone.share.share(file.name, format.type) { out -> file.inputStream().use { it.copyTo(out) } }
                }
            if (!shared) say(trouble(Word.NOTHING_ANSWERS, Word.NOTHING_ANSWERS_TODO))
            shared
        }

    private fun export(
        passphrase: String?,
        handOn: suspend (File, ExportFormat) -> Boolean,
    ) {
        val asked = now
        work {
            present(ConfirmedAct.EXPORT) {
                val file = desk.background.run { desk.place.draft(asked.format.fileName).also { it.delete() } }
                try {
                    val done = write { it.export(asked.format, asked.person, passphrase?.ifEmpty { null }, file.path) }
                    if (handOn(file, asked.format)) show { it.copy(done = done.text) }
                } finally {
                    file.delete()
                }
            }
        }
    }
}

/** The name that is proposed for a file of this form. */
internal val ExportFormat.fileName: String
    get() =
        when (this) {
            ExportFormat.ORIGINALS -> "techo-originals.zip"
            ExportFormat.TECHO -> "notebook.techo"
            ExportFormat.FHIR -> "techo-fhir.json"
            ExportFormat.CSV -> "techo.csv"
            ExportFormat.IPS -> "techo-ips.json"
            ExportFormat.PHR -> "techo.phr"
            ExportFormat.JAHIS -> "okusuri.txt"
            ExportFormat.KENSHIN -> "techo-kenshin.zip"
            ExportFormat.PORTAL -> "techo-mynaportal.zip"
        }

private val ExportFormat.type: String
    get() =
        when (this) {
            ExportFormat.ORIGINALS -> "application/zip"
            ExportFormat.TECHO -> "application/octet-stream"
            ExportFormat.FHIR -> "application/fhir+json"
            ExportFormat.CSV -> "text/csv"
            ExportFormat.IPS -> "application/fhir+json"
            ExportFormat.PHR -> "application/x-ndjson"
            ExportFormat.JAHIS -> "text/plain"
            ExportFormat.KENSHIN -> "application/zip"
            ExportFormat.PORTAL -> "application/zip"
        }

/** Making a backup. */
data class Backup(
    val done: ArchiveDone? = null,
)

/** The whole notebook, sealed by a passphrase of its own, in a file where the person says. */
class BackupPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Backup>(desk, entry, Backup()) {
    fun save(passphrase: String) {
        work {
            present(ConfirmedAct.EXPORT) {
                val file = desk.background.run { desk.place.draft("notebook.techo").also { it.delete() } }
                try {
                    val done = write { it.backup(file.path, passphrase) }
                    val saved =
                        desk.errand {
                            desk.phone.documents.save(file.name, "application/octet-stream") { out ->
                                file.inputStream().use { it.copyTo(out) }
                            }
                        }
                    saved.trouble()?.let(::say)
                    if (saved is Saved.Done) show { Backup(done) }
                } finally {
                    file.delete()
                }
            }
        }
    }
}

/** Taking a backup back into a new notebook. */
data class Restore(
    /** The name of the file that was picked. */
    val name: String? = null,
    val keeping: Keeping = Keeping.PASSPHRASE,
    val canUseDevice: Boolean = false,
    val done: ArchiveDone? = null,
)

/** Makes a notebook of a backup, where there is none on this phone. One that is there is never overwritten. */
class RestorePresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Restore>(desk, entry, Restore()) {
    private var picked: PickedCopy? = null

    init {
        val canUseDevice = desk.phone.lock.state() == DeviceLockState.READY
        show { it.copy(canUseDevice = canUseDevice, keeping = if (canUseDevice) Keeping.DEVICE else Keeping.PASSPHRASE) }
    }

    fun pick() {
        work {
            when (val answer = desk.errand { desk.phone.documents.open() }) {
                is Picked.Document -> {
                    drop()
                    picked = answer.copy
                    show { it.copy(name = answer.copy.name) }
                }
                else -> answer.trouble()?.let(::say)
            }
        }
    }

    fun keepBy(keeping: Keeping) = show { it.copy(keeping = keeping) }

    /** [archive] opens the backup, [own] the notebook that is made of it, where this phone's lock does not. */
    fun restore(
        archive: String,
        own: String,
    ) {
        val file = picked?.file?.path ?: return say(trouble(Word.NOTHING_CHOSEN, Word.NOTHING_CHOSEN_TODO))
        work {
            val secret = if (now.keeping == Keeping.DEVICE) desk.library.secret() else null
            try {
                val sealed = secret?.let { desk.seal(it) }
                if (secret != null && sealed !is Sealed.Bytes) return@work say(trouble(Word.NO_SCREEN_LOCK, Word.NO_SCREEN_LOCK_TODO))
                val keys = NewKeys(secret, own.ifEmpty { null })
                val done =
                    desk.background.run {
                        val done = desk.library.restore(desk.place.vault, keys, file, archive.ifEmpty { null }, desk.language)
                        if (sealed is Sealed.Bytes) desk.place.keepSealed(sealed.bytes)
                        done
                    }
                drop()
                show { it.copy(done = done) }
            } finally {
                secret?.fill(0)
            }
        }
    }

    /** To the lock of the notebook that was made. */
    fun finish() = desk.outside.reset()

    override fun gone() {
        drop()
        super.gone()
    }

    private fun drop() {
        picked?.close()
        picked = null
    }
}
