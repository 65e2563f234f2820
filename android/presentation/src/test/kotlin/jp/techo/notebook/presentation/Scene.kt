package jp.techo.notebook.presentation

import jp.techo.core.RecordView
import jp.techo.core.TimelineRow
import jp.techo.notebook.presentation.fakes.Town
import java.io.File

/** What a person sees after a step, and the trouble it ended with. */
internal class Seen(
    val lines: List<String>,
    val trouble: String? = null,
)

/** Where a story stands: the phone and its app, what was said and shown last, and how a screen is read. */
internal class Scene(
    var world: World,
    val town: Town?,
) {
    var passphrase = ""
    var code = ""
    var rows = emptyList<TimelineRow>()
    var records = emptyList<RecordView>()
    var backup: File? = null

    /** The notebook's file, as it was at each lock. */
    val before = ArrayDeque<ByteArray>()

    suspend inline fun <reified P : Presenter<*>> at(screen: Screen): P {
        world.desk.inside.reset(screen)
        return world.at()
    }

    /** Rests, gives the passphrase where the screen asks for it, and says what stands there. */
    suspend fun <S : Any> Presenter<S>.seen(lines: (S) -> List<String>): Seen {
        rest()
        val shown = state.value
        val trouble = shown.trouble
        return Seen(lines(shown.content) + trouble?.lines().orEmpty(), trouble?.id)
    }

    suspend fun Presenter<*>.rest() {
        world.settle()
        while (state.value.asksPassphrase) {
            passphrase(this@Scene.passphrase)
            world.settle()
        }
    }

    fun TroubleView.lines() = listOf(what, todo).map { (it as? Said.Core)?.text ?: id }

    suspend fun person(name: String?) =
        name?.let { wanted ->
            checkNotNull(world.desk.vault { it.people() }.find { it.name == wanted }) { "nobody is called so" }.id
        }

    fun file(name: String): File {
        val root = File(world.place.vault)
        return File(root, File(root, "CURRENT").readLines().last { it.isNotBlank() }.trim()).resolve(name)
    }
}
