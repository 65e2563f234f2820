package jp.techo.notebook.presentation

import jp.techo.core.Language
import jp.techo.core.TechoException
import jp.techo.core.Trouble
import jp.techo.core.errorText

/** What a screen says in words: the core's, ready in the person's language, or the shell's own, found in its resources. */
sealed interface Said {
    data class Core(
        val text: String,
    ) : Said

    data class Own(
        val word: Word,
        val detail: String? = null,
    ) : Said
}

/** The shell's own sentences that a presenter can say. Each has an entry of the same name in the resources of both languages. */
enum class Word {
    PICK_TOO_LARGE,
    PICK_TOO_LARGE_TODO,
    PICK_NOT_READABLE,
    PICK_NOT_READABLE_TODO,
    NO_ROOM,
    NO_ROOM_TODO,
    NOTHING_ANSWERS,
    NOTHING_ANSWERS_TODO,
    SAVE_FAILED,
    SAVE_FAILED_TODO,
    LOCKED_OUT,
    LOCKED_OUT_TODO,
    DEVICE_KEY_AWAY,
    DEVICE_KEY_AWAY_TODO,
    NO_SCREEN_LOCK,
    NO_SCREEN_LOCK_TODO,
    NO_RELAY,
    NO_RELAY_TODO,
    NO_BROWSER,
    NO_BROWSER_TODO,
    NO_CAMERA,
    NO_CAMERA_TODO,
    DATE_UNCLEAR,
    DATE_UNCLEAR_TODO,
    NAME_MISSING,
    NAME_MISSING_TODO,
    GESTATION_UNCLEAR,
    GESTATION_UNCLEAR_TODO,
    NO_DOCUMENT,
    NO_DOCUMENT_TODO,
    NOTHING_CHOSEN,
    NOTHING_CHOSEN_TODO,
    DAY_UNCLEAR,
    DAY_UNCLEAR_TODO,
    CARD_GONE,
    CARD_GONE_TODO,
    NO_CARD_KEY,
    NO_CARD_KEY_TODO,
    UNEXPECTED,
    UNEXPECTED_TODO,
}

/** Something that went wrong, and what the person can do. [id] is the same for the same thing and says nothing personal. */
data class TroubleView(
    val id: String,
    val what: Said,
    val todo: Said,
)

/** A trouble of the shell's own. */
internal fun trouble(
    what: Word,
    todo: Word,
    detail: String? = null,
) = TroubleView(what.name.lowercase(), Said.Own(what, detail), Said.Own(todo, detail))

/** What the core says, with the id that it has for it. */
internal fun Trouble.told() = TroubleView(kind, Said.Core(what), Said.Core(todo))

/** What the core says about its own error. */
internal fun TechoException.told(language: Language) = errorText(this, language).told()
