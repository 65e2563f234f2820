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

    val library: Library =
        object : Library by TechoLibrary {
            override fun slots(dir: String) = seen("slots") { TechoLibrary.slots(dir) }

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
        return call()
    }

    companion object {
        private val sources by lazy {
            File(World.root, "bindings/src").walk().filter { it.extension == "rs" }.map { it.readText() }.toList()
        }

        /** Each function of [type] with the mark that the bindings give it, by its name in Kotlin. */
        fun marked(type: String): Map<String, String> {
            val found = mutableMapOf<String, String>()
            sources.forEach { source ->
                var within = false
                var mark: String? = null
                source.lineSequence().forEach { line ->
                    Regex("^impl (\\w+) \\{").find(line)?.let { within = it.groupValues[1] == type }
                    Regex("^    /// \\*(Instant|Quick|Long)").find(line)?.let { mark = it.groupValues[1] }
                    Regex("^    pub fn (\\w+)\\(").find(line)?.let { name ->
                        val known = mark
                        if (within && known != null) found[camel(name.groupValues[1])] = known
                        mark = null
                    }
                }
            }
            return found
        }

        private fun camel(name: String) = Regex("_(\\w)").replace(name) { it.groupValues[1].uppercase() }
    }
}
