package jp.techo.notebook.presentation

import jp.techo.core.VaultInterface
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import java.util.concurrent.atomic.AtomicInteger

/**
 * The real library, watched: whatever the bindings do not mark *instant* must not be called on the thread that draws. What is
 * instant is read from the bindings' own documentation, so that a new function is watched without anybody thinking of it.
 */
class Watched(
    private val drawing: Thread,
) {
    /** How many calls that may take long were seen, all of them elsewhere. */
    val elsewhere = AtomicInteger()

    val library: Library = watched(TechoLibrary, Library::class.java, INSTANT_LIBRARY)

    @Suppress("UNCHECKED_CAST")
    private fun <T : Any> watched(
        inner: T,
        face: Class<T>,
        instant: Set<String>,
    ): T =
        Proxy.newProxyInstance(face.classLoader, arrayOf(face)) { _, method, arguments ->
            // Inline classes (UInt) leave a suffix in the name.
            val name = method.name.substringBefore('-')
            if (name !in instant && name !in PLAIN) {
                // An error and no exception: nothing of ours catches it on the way.
                if (Thread.currentThread() === drawing) throw AssertionError("$name was called on the thread that draws")
                elsewhere.incrementAndGet()
            }
            val answer = try {
                method.invoke(inner, *(arguments ?: emptyArray()))
            } catch (thrown: InvocationTargetException) {
                throw thrown.targetException
            }
            around(answer)
        } as T

    private fun around(answer: Any?): Any? =
        when (answer) {
            is VaultInterface -> watched(answer, VaultInterface::class.java, instant("Vault"))
            else -> answer
        }

    companion object {
        private val INSTANT_LIBRARY = setOf("exists", "secret", "legal", "items")
        private val PLAIN = setOf("toString", "hashCode", "equals")
        private val sources = File(World.root, "bindings/src").walk().filter { it.extension == "rs" }.map { it.readText() }.toList()

        /** The names, as Kotlin says them, of what an object of the bindings marks as instant. */
        fun instant(type: String): Set<String> =
            marked(type).filterValues { it == "Instant" }.keys

        /** Each function of [type] with its mark. */
        fun marked(type: String): Map<String, String> {
            val found = mutableMapOf<String, String>()
            sources.forEach { source ->
                var within = false
                var mark: String? = null
                source.lineSequence().forEach { line ->
                    Regex("^impl (\\w+) \\{").find(line)?.let { within = it.groupValues[1] == type }
                    Regex("^    /// \\*(Instant|Quick|Long)\\.?\\*?").find(line)?.let { mark = it.groupValues[1] }
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
