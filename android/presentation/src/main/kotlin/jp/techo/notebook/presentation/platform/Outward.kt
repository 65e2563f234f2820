package jp.techo.notebook.presentation.platform

import kotlinx.coroutines.flow.Flow
import java.io.OutputStream

/** The phone's share sheet: hands one document to the app the person picks there. */
interface ShareSheet {
    /**
     * Writes a private copy called [name] and offers it. The copy is deleted by [clean], which runs at the next start and at
     * lock; false when no app takes documents of this [type].
     */
    suspend fun share(
        name: String,
        type: String,
        write: (OutputStream) -> Unit,
    ): Boolean

    /** Deletes the private copies of earlier shares. */
    suspend fun clean()
}

/** The phone's print service, which also saves as PDF. */
interface Printing {
    /** Opens the print dialogue for [sheet]; false when the phone cannot print. */
    fun print(sheet: PrintSheet): Boolean

    /** The same for a page that the core wrote. */
    fun print(page: PrintPage): Boolean
}

/** A page that the core wrote: HTML without script, and with nothing from elsewhere. */
class PrintPage(
    val html: String,
    val paper: Paper,
) {
    /** Never prints what is on the page. */
    override fun toString(): String = "PrintPage($paper)"
}

/** What a page is meant to be printed on. */
enum class Paper { A4, A6 }

/** What is printed: plain lines, broken over as many pages as they need. */
class PrintSheet(
    val title: String,
    val lines: List<PrintLine>,
    /** At the foot of each page, for example when and from what it was made. */
    val footer: String,
) {
    /** Never prints what is on the sheet: it may be somebody's health. */
    override fun toString(): String = "PrintSheet(${lines.size} lines)"
}

/** One line of a [PrintSheet]. */
class PrintLine(
    val text: String,
    val style: PrintStyle = PrintStyle.BODY,
) {
    override fun toString(): String = "PrintLine($style)"
}

enum class PrintStyle { HEADING, BODY, SMALL }

/** The person's browser. */
interface Browser {
    /** Opens [address], which is `https`; false for anything else, or when the phone has no browser. */
    fun open(address: String): Boolean
}

/** Addresses that came back to us from the browser (App Links), or that a stranger sent: only the core knows which. */
interface ReturnAddresses {
    /** Each address once, in the order they came; kept until somebody collects. */
    val arrivals: Flow<String>
}

/** Notices that say nothing about anybody's health. */
interface Notices {
    /** Whether the phone shows our notices. Instant. */
    fun allowed(): Boolean

    /** Asks the person, where the phone has such a question; true when notices are allowed afterwards. */
    suspend fun ask(): Boolean

    /** Shows [notice], in place of an earlier one of its kind; nothing happens where notices are not allowed. */
    fun show(notice: Notice)

    /** Takes [notice] away. */
    fun withdraw(notice: Notice)
}

/** All that a notice may say. No person, no record, no value. */
enum class Notice { FETCH_WAITS, FETCH_DONE, RECOVERY_KIT_MISSING }
