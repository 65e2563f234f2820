package jp.techo.notebook.presentation.screens

import jp.techo.core.LegalKind
import jp.techo.core.NewKeys
import jp.techo.core.NewPerson
import jp.techo.core.Sex
import jp.techo.core.TechoException
import jp.techo.core.VaultInterface
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.dateOf
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.trouble

/** How the first record of one's own comes in. */
enum class FirstWay { FILE, FETCH, SAMPLE }

/** How the phone keeps the notebook. */
enum class Keeping { DEVICE, PASSPHRASE }

/** Who a notebook's page is about, as it is typed. */
data class PersonForm(
    val name: String = "",
    val kana: String = "",
    val born: String = "",
    val sex: Sex? = null,
    /** How long the pregnancy lasted, where somebody wants to say it. */
    val gestation: String = "",
) {
    /** What the library takes; null where something is missing. */
    internal fun person(): NewPerson? {
        val day = dateOf(born) ?: return null
        return NewPerson(name.trim(), kana.trim().ifEmpty { null }, emptyList(), day, sex ?: return null, gestation.trim().ifEmpty { null })
    }
}

/** Three steps from opening the app to the first record of one's own; this screen has the first two. */
data class FirstStart(
    val way: FirstWay? = null,
    val form: PersonForm = PersonForm(),
    val keeping: Keeping = Keeping.DEVICE,
    val canUseDevice: Boolean = true,
    val passphrase: String = "",
    val passphraseAgain: String = "",
) {
    val step: Int get() = if (way == null) 1 else 2
    val isLockable: Boolean get() = keeping == Keeping.DEVICE || passphrase.isNotEmpty() && passphrase == passphraseAgain
    val isComplete: Boolean get() = form.name.isNotBlank() && form.sex != null && dateOf(form.born) != null && isLockable

    /** Never prints what was typed. */
    override fun toString() = "FirstStart(step $step)"
}

/** Opening the app for the first time. */
class FirstStartPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<FirstStart>(desk, entry, FirstStart()) {
    init {
        val canUseDevice = desk.phone.lock.state() == DeviceLockState.READY
        val way = kept("way")?.let { name -> FirstWay.entries.find { it.name == name } }
        show { it.copy(way = way, canUseDevice = canUseDevice, keeping = if (canUseDevice) Keeping.DEVICE else Keeping.PASSPHRASE) }
    }

    /** Step 1. The sample family needs no second step. */
    fun choose(way: FirstWay) {
        if (way == FirstWay.SAMPLE) {
            work {
                desk.take(Opened.SAMPLE, emptyList()) {
                    desk.place.cleanSample()
                    desk.library.sample(desk.place.sample, desk.language)
                }
            }
        } else {
            keep("way", way.name)
            show { it.copy(way = way) }
        }
    }

    /** Takes back a backup instead. */
    fun restore() = desk.go(Screen.Restore)

    /** Shows what one agrees to. */
    fun read(kind: LegalKind) = desk.go(Screen.Legal(kind))

    fun fill(form: PersonForm) = show { it.copy(form = form) }

    fun keepBy(keeping: Keeping) = show { it.copy(keeping = keeping) }

    fun passphrase(
        text: String,
        again: String,
    ) = show { it.copy(passphrase = text, passphraseAgain = again) }

    /** Step 2 is done: the notebook is made, and the third step begins. */
    fun begin() {
        val chosen = now
        if (chosen.form.name.isBlank()) return say(trouble(Word.NAME_MISSING, Word.NAME_MISSING_TODO))
        val person = chosen.form.person() ?: return say(trouble(Word.DATE_UNCLEAR, Word.DATE_UNCLEAR_TODO))
        work { create(chosen, person) }
    }

    /** The notebook is made; whose it is comes later. */
    fun beginEmpty() {
        val chosen = now
        work { create(chosen, null) }
    }

    override fun back() {
        if (now.way == null) {
            super.back()
        } else {
            keep("way", null)
            show { it.copy(way = null) }
        }
    }

    private suspend fun create(
        chosen: FirstStart,
        person: NewPerson?,
    ) {
        // Nothing of an earlier notebook is overwritten, not even its sealed key.
        if (desk.library.exists(desk.place.vault)) throw TechoException.VaultExists()
        if (chosen.keeping == Keeping.PASSPHRASE) return make(NewKeys(null, chosen.passphrase), chosen, person)
        val secret = desk.library.secret()
        try {
            when (val sealed = desk.seal(secret)) {
                is Sealed.Bytes -> {
                    // The sealed bytes are kept first: a notebook whose only key was never kept could not be opened again.
                    desk.background.run { desk.place.keepSealed(sealed.bytes) }
                    make(NewKeys(secret, null), chosen, person)
                }
                Sealed.Cancelled -> Unit
                Sealed.LockedOut -> say(trouble(Word.LOCKED_OUT, Word.LOCKED_OUT_TODO))
                Sealed.Unavailable -> {
                    show { it.copy(canUseDevice = false, keeping = Keeping.PASSPHRASE) }
                    say(trouble(Word.NO_SCREEN_LOCK, Word.NO_SCREEN_LOCK_TODO))
                }
            }
        } finally {
            secret.fill(0)
        }
    }

    private suspend fun make(
        keys: NewKeys,
        chosen: FirstStart,
        person: NewPerson?,
    ) {
        val third = if (chosen.way == FirstWay.FETCH) Screen.Fetch(first = true) else Screen.Import(first = true)
        val agreed = listOf(LegalKind.PRIVACY, LegalKind.TERMS).map { desk.library.legal(it, desk.language) }
        val first: suspend (VaultInterface) -> Unit = { notebook ->
            desk.background.run {
                if (person != null) notebook.addPerson(person)
                agreed.forEach { notebook.agree(it.kind, it.version) }
            }
        }
        desk.take(
            Opened.WHOLE,
            listOfNotNull(
                third.takeIf {
                    person != null
                },
            ),
            first,
        ) { desk.library.create(desk.place.vault, keys, desk.language) }
        keep("way", null)
    }
}
