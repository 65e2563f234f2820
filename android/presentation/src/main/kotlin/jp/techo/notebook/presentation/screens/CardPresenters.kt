package jp.techo.notebook.presentation.screens

import jp.techo.core.CardSheet
import jp.techo.core.CardState
import jp.techo.core.CardWord
import jp.techo.core.FieldTrouble
import jp.techo.core.TechoException
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.cardOrNone
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.Paper
import jp.techo.notebook.presentation.platform.PrintPage
import jp.techo.notebook.presentation.platform.Saved
import jp.techo.notebook.presentation.today
import jp.techo.notebook.presentation.trouble

/** The emergency and disaster card of a person: what is on it, how it looks, and who can read it. */
data class Card(
    val name: String = "",
    /** As it is written down. */
    val written: List<CardWord> = emptyList(),
    /** As it would look today; null where nothing is on it. */
    val sheet: CardSheet? = null,
    val state: CardState = CardState.OFF,
    /** It lies there and can be read without unlocking. */
    val isSealed: Boolean = false,
    /** This notebook can be written to. */
    val canWrite: Boolean = true,
    /** This notebook is the phone's own: only its cards are kept outside of it. */
    val canSeal: Boolean = true,
    /** The words while they are being written; null otherwise. */
    val typed: List<CardWord>? = null,
    val pen: Pen = Pen(),
    val troubles: List<FieldTrouble> = emptyList(),
    val isRead: Boolean = false,
) {
    val isReady: Boolean
        get() = typed != null && typed != written && pen.isNamed && troubles.all { !it.isQuestion || pen.isAnswered(it) }

    /** Never prints what is on it. */
    override fun toString() = "Card($state)"
}

/** Writing the card, switching it, and handing it on as a picture or a page. */
class CardPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Card,
) : Presenter<Card>(desk, entry, Card()) {
    override fun read() =
        reading {
            val how = desk.open.value?.how ?: Opened.WHOLE
            val name = vault { it.people() }.find { it.id == screen.person }?.name.orEmpty()
            val (words, sheet, state) =
                vault {
                    Triple(it.cardWords(screen.person), it.cardOrNone(screen.person, desk), it.cardState(screen.person))
                }
            val isSealed = how == Opened.WHOLE && desk.cards.isThere(screen.person)
            show {
                it.copy(
                    name = name,
                    written = words,
                    sheet = sheet,
                    state = state,
                    isSealed = isSealed,
                    canWrite = how != Opened.RESCUE,
                    canSeal = how == Opened.WHOLE,
                    isRead = true,
                )
            }
        }

    /** Begins to write the words, from how they stand. */
    fun edit() =
        show {
            it.copy(typed = it.written, troubles = emptyList(), pen = it.pen.copy(confirmed = emptySet(), digitsChecked = emptySet()))
        }

    fun type(
        field: String,
        text: String,
    ) = change(field) { it.copy(text = text) }

    /** What the records say stands in the place of own words. */
    fun fromRecords(
        field: String,
        on: Boolean,
    ) = change(field) { it.copy(fromRecords = on) }

    fun pen(pen: Pen) = show { it.copy(pen = pen) }

    fun answer(
        trouble: FieldTrouble,
        yes: Boolean,
    ) = show { it.copy(pen = it.pen.answered(trouble, yes)) }

    /** Writes the card down: these words and no others. A first card can be read by who opens the notebook. */
    fun write() {
        val typed = now.typed ?: return
        val pen = now.pen
        work {
            val done = write { it.writeCard(screen.person, typed, pen.writer()) }
            show { it.copy(troubles = done.troubles) }
            if (done.troubles.isNotEmpty()) return@work
            show { it.copy(typed = null, pen = Pen()) }
            val isFirst = typed.any { it.fromRecords || it.text.isNotBlank() } && vault { it.cardState(screen.person) } == CardState.OFF
            if (isFirst) write { it.setCardState(screen.person, CardState.AFTER_UNLOCK) }
            read()
        }
    }

    /** Who can read it on this phone. */
    fun set(state: CardState) {
        if (state == CardState.WITHOUT_UNLOCKING && (now.sheet == null || !now.canSeal)) return
        work {
            if (state == CardState.WITHOUT_UNLOCKING) {
                present(ConfirmedAct.CARD) { lay() }
            } else {
                // Before it is said to be off, it is gone.
                desk.cards.erase(screen.person)
                write { it.setCardState(screen.person, state) }
            }
            read()
        }
    }

    /** Hands on the picture for the lock screen. */
    fun sharePicture() =
        picture { png ->
            if (!desk.sendOut { desk.phone.share.share(PICTURE, PNG) { it.write(png) } }) nothingAnswers()
        }

    /** Saves the picture for the lock screen where the person says. */
    fun savePicture() =
        picture { png ->
            val saved = desk.errand { desk.phone.documents.save(PICTURE, PNG) { it.write(png) } }
            if (saved !is Saved.Done) say(saved.trouble())
        }

    /** Prints the A6 page. */
    fun print() =
        handOn(picture = false) { html ->
            if (!desk.sendOut { desk.phone.printing.print(PrintPage(html, Paper.A6)) }) nothingAnswers()
        }

    /** Hands on the A6 page. */
    fun sharePage() =
        handOn(picture = false) { html ->
            if (!desk.sendOut { desk.phone.share.share(PAGE, HTML) { it.write(html.toByteArray()) } }) nothingAnswers()
        }

    override fun back() = if (now.typed == null) super.back() else show { it.copy(typed = null, troubles = emptyList()) }

    /** First the file, then the switch: where its line cannot be written, the card must not lie there either. */
    private suspend fun lay() {
        if (!desk.cards.seal(screen.person)) return say(trouble(Word.NO_CARD_KEY, Word.NO_CARD_KEY_TODO))
        var isSwitched = false
        try {
            vault { it.setCardState(screen.person, CardState.WITHOUT_UNLOCKING) }
            isSwitched = true
        } finally {
            if (!isSwitched) desk.cards.erase(screen.person)
        }
        desk.changed()
    }

    private fun change(
        field: String,
        by: (CardWord) -> CardWord,
    ) = show { state -> state.copy(typed = state.typed?.map { if (it.field == field) by(it) else it }) }

    private fun picture(handOn: suspend (ByteArray) -> Unit) =
        handOn(picture = true) { svg ->
            val png = desk.phone.painter.png(svg) ?: throw TechoException.NotFound()
            handOn(png)
        }

    private fun handOn(
        picture: Boolean,
        handOn: suspend (String) -> Unit,
    ) {
        work {
            present(ConfirmedAct.EXPORT) { handOn(vault { it.cardFile(screen.person, today(), desk.language, picture) }) }
        }
    }

    private fun nothingAnswers() = say(trouble(Word.NOTHING_ANSWERS, Word.NOTHING_ANSWERS_TODO))

    private companion object {
        const val PICTURE = "techo-card.png"
        const val PNG = "image/png"
        const val PAGE = "techo-card.html"
        const val HTML = "text/html"
    }
}

/** The cards that are readable without unlocking. */
data class LockedCards(
    val sheets: List<CardSheet> = emptyList(),
    val isRead: Boolean = false,
)

/** The cards without the notebook: their files and their key, and nothing else. */
class LockedCardsPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<LockedCards>(desk, entry, LockedCards()) {
    override fun read() =
        reading {
            val sheets = desk.cards.locked()
            show { LockedCards(sheets, isRead = true) }
        }
}
