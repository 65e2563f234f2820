package jp.techo.notebook.presentation

import jp.techo.core.CardSheet
import jp.techo.core.CardState
import jp.techo.core.TechoException
import jp.techo.core.VaultInterface
import java.io.IOException

/**
 * The emergency cards that are readable without unlocking. Each is a sealed file beside the notebook; their key lies in the phone's
 * keystore, which asks nobody. Showing one never touches the notebook. What is written must be followed, and what is erased must
 * be gone from them: [Presenter] sees to both.
 */
class Cards(
    private val desk: Desk,
) {
    /** Whether a card lies there that can be read without unlocking. */
    suspend fun any(): Boolean = there().isNotEmpty()

    /** The cards that can be read now, from their files alone. */
    suspend fun locked(): List<CardSheet> {
        val there = there()
        if (there.isEmpty()) return emptyList()
        return withSecret(desk.phone.cardKey.recall()) { secret -> there.mapNotNull { read(it, secret) } }.orEmpty()
    }

    /** Whether somebody's card lies there. */
    suspend fun isThere(person: String): Boolean = person in there()

    /** Seals somebody's card of today, in place of an earlier one; false where the phone keeps no key for it. Needs presence. */
    @Throws(TechoException::class, IOException::class)
    suspend fun seal(person: String): Boolean {
        val key = desk.phone.cardKey
        val secret = key.recall() ?: desk.library.secret().takeIf { key.keep(it) } ?: return false
        return withSecret(secret) {
            val sealed = desk.vault { it.sealCard(person, today(), desk.language, secret) }
            desk.background.run { desk.place.keepCard(person, sealed) }
            true
        } == true
    }

    /** Overwrites and removes somebody's card; with the last one its key is forgotten. */
    @Throws(TechoException::class)
    suspend fun erase(person: String) {
        desk.background.run { desk.library.eraseCard(desk.place.card(person).path) }
        if (there().isEmpty()) desk.phone.cardKey.forget()
    }

    /** Overwrites and removes them all, and says whose they were. Nothing where the notebook has no cards of its own to look after. */
    internal suspend fun withdraw(): List<String> {
        if (!isOwn()) return emptyList()
        return there().onEach { erase(it) }
    }

    /** Those of [people] that are to be readable without unlocking are sealed anew. One that cannot be is given up: then false. */
    internal suspend fun renew(people: List<String>): Boolean {
        if (people.isEmpty()) return true
        var isWhole = true
        for (person in people) {
            if (stateOf(person) != CardState.WITHOUT_UNLOCKING) {
                erase(person)
            } else if (!sealed(person)) {
                giveUp(listOf(person))
                isWhole = false
            }
        }
        return isWhole
    }

    /** The cards of [people] go, and only who opens the notebook sees them from now on. */
    internal suspend fun giveUp(people: List<String>) {
        for (person in people) {
            erase(person)
            try {
                desk.vault { it.setCardState(person, CardState.AFTER_UNLOCK) }
            } catch (_: TechoException) {
                // Locked meanwhile, or the person is gone: there is no card, which is what counts.
                continue
            }
        }
        desk.changed()
    }

    /** Whose card says something else than the notebook would say now. Cards that belong to nobody are removed on the way. */
    internal suspend fun outdated(): List<String> {
        if (!isOwn()) return emptyList()
        val there = there()
        if (there.isEmpty()) return emptyList()
        val states = there.associateWith { stateOf(it) }
        states.filterValues { it != CardState.WITHOUT_UNLOCKING }.keys.forEach { erase(it) }
        val kept = states.filterValues { it == CardState.WITHOUT_UNLOCKING }.keys.toList()
        val lying = withSecret(desk.phone.cardKey.recall()) { secret -> kept.associateWith { read(it, secret) } }.orEmpty()
        return kept.filter { person -> lying[person]?.said() != made(person)?.said() }
    }

    /** The notebook was opened: cards of nobody go, and the others are made anew where that needs no question. */
    internal suspend fun tidy() {
        try {
            val old = outdated()
            if (old.isNotEmpty() && !desk.vault { it.needsPresence() }) renew(old)
        } catch (_: TechoException) {
            // The card's own screen says how it stands.
            return
        } catch (_: IOException) {
            return
        }
    }

    private suspend fun there(): List<String> = desk.background.run { desk.place.cardsThere() }

    /** A rescued notebook cannot be written to, and the sample family's cards are nobody's. */
    private fun isOwn() = desk.open.value?.how == Opened.WHOLE

    private suspend fun stateOf(person: String): CardState? =
        desk.vault { notebook -> if (notebook.people().any { it.id == person }) notebook.cardState(person) else null }

    private suspend fun sealed(person: String): Boolean =
        try {
            seal(person)
        } catch (_: TechoException) {
            false
        } catch (_: IOException) {
            false
        }

    private suspend fun made(person: String): CardSheet? = desk.vault { it.cardOrNone(person, desk) }

    private suspend fun read(
        person: String,
        secret: ByteArray,
    ): CardSheet? =
        try {
            val sealed = desk.background.run { desk.place.card(person).readBytes() }
            desk.library.openCard(sealed, secret)
        } catch (_: TechoException) {
            null
        } catch (_: IOException) {
            null
        }

    private inline fun <T> withSecret(
        secret: ByteArray?,
        use: (ByteArray) -> T,
    ): T? {
        if (secret == null) return null
        return try {
            use(secret)
        } finally {
            secret.fill(0)
        }
    }

    /** Everything but the day it was made. */
    private fun CardSheet.said() = copy(madeOn = "")
}

/** Somebody's card of today; null where nothing is on it. */
internal fun VaultInterface.cardOrNone(
    person: String,
    desk: Desk,
): CardSheet? =
    try {
        card(person, today(), desk.language)
    } catch (_: TechoException.NotFound) {
        null
    }

/** What day it is where the person is. */
internal fun today(): String = java.time.LocalDate.now().toString()
