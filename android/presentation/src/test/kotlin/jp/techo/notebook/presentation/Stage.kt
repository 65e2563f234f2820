package jp.techo.notebook.presentation

import jp.techo.notebook.presentation.fakes.Town
import jp.techo.notebook.presentation.screens.ConsentsPresenter
import jp.techo.notebook.presentation.screens.Decision
import jp.techo.notebook.presentation.screens.LedgerPresenter

/** Plays a story with the presenters. */
internal class Stage(
    world: World,
    town: Town?,
) {
    private val scene = Scene(world, town)

    /** Where the story is, for whoever waits in vain. */
    var place = "before the first step"
        private set

    suspend fun play(story: Story) {
        story.steps.forEachIndexed { at, step ->
            place = "step ${at + 1}, ${step.verb}"
            val seen = scene.act(step)
            check(step.unknown().isEmpty()) { "$place: this runner does not know ${step.unknown()}" }
            check(seen.trouble == step.fails) { "$place: ended with ${seen.trouble} and not with ${step.fails}; ${seen.lines}" }
            step.sees.forEach { text -> check(seen.lines.any { text in it }) { "$place: 「$text」 is not seen in ${seen.lines}" } }
            step.seesNot.forEach { text -> check(seen.lines.none { text in it }) { "$place: 「$text」 is seen in ${seen.lines}" } }
        }
    }

    private suspend fun Scene.act(step: Step): Seen {
        if (world.desk.open.value == null && step.verb !in OUTSIDE) return locked(step)
        return when (step.verb) {
            "start" -> start(step.needed("passphrase"))
            "unlock" -> unlock(step.needed("passphrase"))
            "lock" -> lock()
            "recover" -> recover(step.needed("new_passphrase"))
            "make_kit" -> kit()
            "people" -> people()
            "add_person" -> addPerson(step)
            "look" -> look(step)
            "import" -> import(step)
            "timeline" -> timeline(step.text("person"), step.text("kind"))
            "open_record" -> open(step.needed("title"), step.number("nth") ?: 1)
            "history" -> history(step)
            "search" -> search(step)
            "add_entry" -> addEntry(step)
            "edit" -> edit(step)
            "remove" -> decide(Decision.REMOVE, step)
            "hide" -> decide(Decision.HIDE, step)
            "mark_sensitive" -> decide(Decision.SENSITIVE, step)
            "undo" -> undo(step)
            "changes" -> changes(step)
            "links" -> links(step)
            "unlink" -> unlink(step)
            "open_day" -> openDay(step)
            "medicines" -> medicines(step)
            "attach" -> attach(step)
            "board" -> board(step)
            "vaccines" -> vaccines(step)
            "due" -> due(step)
            "growth" -> growth(step)
            "explain" -> explain(step)
            "forgets" -> forgets(step)
            "export" -> export(step)
            "backup" -> backup(step.needed("passphrase"))
            "restore" -> restore(step.needed("passphrase"))
            "erase" -> erase(step)
            "ledger" -> at<LedgerPresenter>(Screen.Ledger).seen { ledger -> ledger.lines.flatMap { listOf(it.atText, it.text) } }
            "consents" ->
                at<ConsentsPresenter>(Screen.Consents).seen { consents ->
                    consents.lines.flatMap { listOf(it.personName, it.askedText, it.itemsText, it.standingText) }
                }
            "withdraw" -> withdraw(step.isOn("erase"))
            "settings" -> settings()
            "set" -> set(step)
            "fetch" -> fetch(step)
            "clinic" -> clinic(step)
            "report" -> report(step)
            "write_card" -> writeCard(step)
            "card" -> card(step)
            "set_card" -> setCard(step)
            "codes" -> codes(step)
            "damage" -> damage(step.needed("how"))
            "accept_loss" -> acceptLoss(step.needed("passphrase"))
            "verify" -> verify()
            else -> throw IllegalStateException("this runner does not know ${step.verb}")
        }
    }

    private companion object {
        val OUTSIDE = setOf("start", "unlock", "recover", "restore", "damage", "accept_loss")
    }
}
