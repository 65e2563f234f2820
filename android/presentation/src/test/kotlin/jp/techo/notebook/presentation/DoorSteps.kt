package jp.techo.notebook.presentation

import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.screens.CheckPresenter
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.KitPresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import kotlinx.coroutines.flow.first

// Steps of a story: beginning, unlocking, locking, the recovery kit, and damage.

internal suspend fun Scene.locked(step: Step): Seen {
    // A locked notebook answers everything by its closed cover; the arguments are known all the same.
    ARGUMENTS.forEach { step.text(it) }
    val closed = checkNotNull(world.at<UnlockPresenter>().state.value.content.closed)
    return Seen(closed.lines(), closed.id)
}

internal suspend fun Scene.start(text: String): Seen {
    world.fake.lock.state = DeviceLockState.NO_SCREEN_LOCK
    world.begin()
    val first = world.at<FirstStartPresenter>()
    first.choose(FirstWay.FILE)
    first.passphrase(text, text)
    first.beginEmpty()
    world.settle()
    passphrase = text
    return timeline(null, null)
}

internal suspend fun Scene.unlock(text: String): Seen {
    world.at<UnlockPresenter>().byPassphrase(text)
    return opened(text)
}

internal suspend fun Scene.opened(text: String): Seen {
    world.settle()
    if (world.desk.open.value == null) {
        val state = world.at<UnlockPresenter>().state.value
        val trouble = checkNotNull(state.trouble ?: state.content.damage) { "neither open nor a trouble" }
        return Seen(trouble.lines(), trouble.id)
    }
    passphrase = text
    return timeline(null, null)
}

internal suspend fun Scene.lock(): Seen {
    world.desk.lock()
    world.settle()
    // The closing itself runs behind; an opening waits for it, and so does whoever hurts the files.
    world.desk.closed()
    before += file("vault").readBytes()
    return Seen(emptyList())
}

internal suspend fun Scene.recover(text: String): Seen {
    world.at<UnlockPresenter>().byKit(code, text)
    return opened(text)
}

internal suspend fun Scene.kit(): Seen {
    val kit = at<KitPresenter>(Screen.Kit)
    kit.make()
    return kit.seen { state ->
        state.kit?.let {
            code = it.code
            listOf(it.title) + it.lines
        }.orEmpty()
    }
}

internal fun Scene.damage(how: String): Seen {
    check(world.desk.open.value == null) { "only a locked notebook is hurt" }
    val vault = file("vault")
    when (how) {
        "page" -> vault.writeBytes(vault.readBytes().also { it[PLACE] = (it[PLACE].toInt() xor 1).toByte() })
        "lost_wal" -> {
            vault.writeBytes(before[before.size - 2])
            file("vault-wal").delete()
        }
        "empty" -> vault.writeBytes(ByteArray(0))
        "anchor" -> check(file("anchor").delete())
        else -> throw IllegalStateException("no such damage: $how")
    }
    return Seen(emptyList())
}

internal suspend fun Scene.acceptLoss(text: String): Seen {
    val unlock = world.at<UnlockPresenter>()
    if (unlock.state.value.content.damage == null) {
        unlock.byPassphrase(text)
        world.settle()
    }
    unlock.askLoss(true)
    unlock.acceptLoss()
    return opened(text)
}

internal suspend fun Scene.verify(): Seen {
    val check = at<CheckPresenter>(Screen.Check)
    check.verify()
    val seen = check.seen { state -> state.result?.let { result -> result.problems + result.people.map { it.name } }.orEmpty() }
    return Seen(seen.lines, seen.trouble ?: "damaged".takeIf { check.state.value.content.result?.ok == false })
}

private val ARGUMENTS =
    listOf("person", "kind", "words", "file", "title", "asked", "format", "passphrase", "setting", "occasion", "on", "doctor")
private const val PLACE = 40
