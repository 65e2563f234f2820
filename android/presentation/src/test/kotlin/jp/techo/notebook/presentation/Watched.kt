package jp.techo.notebook.presentation

import jp.techo.core.Key
import jp.techo.core.Language
import jp.techo.core.NewKeys
import jp.techo.core.Position
import java.io.File
import java.util.concurrent.atomic.AtomicInteger

/** The real library, watched: whatever the bindings do not mark *instant* must not be called on the thread that draws. */
internal class Watched(
    private val drawing: Thread,
) {
    /** How many calls that may take long were seen, all of them elsewhere. */
    val elsewhere = AtomicInteger()

    /** Looks at each of these calls, by its name, before it is made. */
    @Volatile
    var before: (String) -> Unit = {}

    val library: Library =
        object : Library by TechoLibrary {
            override fun slots(dir: String) = seen("slots") { TechoLibrary.slots(dir) }

            override fun eraseCard(path: String) = seen("eraseCard") { TechoLibrary.eraseCard(path) }

            override fun create(
                dir: String,
                keys: NewKeys,
                language: Language,
            ) = WatchedVault(seen("create") { TechoLibrary.create(dir, keys, language) }, this@Watched)

            override fun open(
                dir: String,
                key: Key,
                seen: Position?,
                language: Language,
            ) = WatchedVault(seen("open") { TechoLibrary.open(dir, key, seen, language) }, this@Watched)

            override fun rescue(
                dir: String,
                key: Key,
                language: Language,
            ) = WatchedVault(seen("rescue") { TechoLibrary.rescue(dir, key, language) }, this@Watched)

            override fun acceptLoss(
                dir: String,
                key: Key,
                language: Language,
            ) = WatchedVault(seen("acceptLoss") { TechoLibrary.acceptLoss(dir, key, language) }, this@Watched)

            override fun sample(
                dir: String,
                language: Language,
            ) = WatchedVault(seen("sample") { TechoLibrary.sample(dir, language) }, this@Watched)

            override fun restore(
                dir: String,
                keys: NewKeys,
                archive: String,
                passphrase: String?,
                language: Language,
            ) = seen("restore") { TechoLibrary.restore(dir, keys, archive, passphrase, language) }
        }

    /** Does [call] where it may be done. */
    fun <T> seen(
        name: String,
        call: () -> T,
    ): T {
        // An error and no exception: nothing of ours catches it on the way.
        if (Thread.currentThread() === drawing) throw AssertionError("$name was called on the thread that draws")
        elsewhere.incrementAndGet()
        before(name)
        return call()
    }
}

/** What the bindings' surface lists, with the names that Kotlin has for it. */
internal object Surface {
    private val lines by lazy { File(World.root, "bindings/surface.txt").readLines() }

    /** Every object. */
    val objects: Set<String> by lazy { lines.mapNotNull { it.substringAfter("object ", "").ifEmpty { null } }.toSet() }

    /** The functions of the object [type] that are not *instant*. */
    fun slow(type: String): Set<String> = slow(Regex("fn $type\\.(\\w+)\\(.*\\[(\\w+)]"))

    /** What is not *instant* before there is an object: constructors and free functions. */
    fun slowOutside(): Set<String> = slow(Regex("fn (?:\\w+::new )?(\\w+)\\(.*\\[(\\w+)]"))

    private fun slow(pattern: Regex): Set<String> {
        val found = lines.mapNotNull { pattern.matchEntire(it) }.associate { camel(it.groupValues[1]) to it.groupValues[2] }
        check(found.values.all { it in setOf("instant", "quick", "long") }) { "the surface has other marks: $found" }
        return found.filterValues { it != "instant" }.keys
    }

    private fun camel(name: String) = Regex("_(\\w)").replace(name) { it.groupValues[1].uppercase() }
}
