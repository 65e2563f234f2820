package jp.techo.notebook.presentation

import jp.techo.core.Language
import jp.techo.notebook.presentation.fakes.Json
import jp.techo.notebook.presentation.fakes.Town
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.io.File
import kotlin.time.Duration.Companion.minutes

/**
 * The stories that every shell plays, here with the presenters over the real library. What came of each goes into
 * `target/scenarios/results/kotlin.json`; `cargo xtask scenarios` compares the shells.
 */
internal class ScenariosTest {
    @TestFactory
    fun `each scenario plays as it is told`(): List<DynamicTest> {
        val files = FOLDER.listFiles { file -> file.extension == "json" }.orEmpty().sortedBy { it.name }
        assertTrue(files.isNotEmpty(), "no scenarios in $FOLDER: cargo xtask scenarios writes them")
        return files.map { file -> DynamicTest.dynamicTest(file.nameWithoutExtension) { play(file) } }
    }

    private fun play(file: File) {
        results[file.nameWithoutExtension] = "did not end"
        var stage: Stage? = null
        try {
            val scenario = Story(file)
            runTest(timeout = LIMIT) {
                val town = if (scenario.needsTown) Town() else null
                try {
                    val world = World(this, scenario.language)
                    try {
                        Stage(world.begin(), town).also { stage = it }.play(scenario)
                    } finally {
                        world.folder.deleteRecursively()
                    }
                } finally {
                    town?.close()
                }
            }
            results[file.nameWithoutExtension] = "passed"
        } catch (error: Throwable) {
            // A story that waits in vain says how long it waited, but not where.
            val said = error.message?.lineSequence()?.first() ?: error::class.simpleName.orEmpty()
            val place = stage?.place.orEmpty()
            val sentence = if (said.startsWith(place)) said else "$place: $said"
            results[file.nameWithoutExtension] = sentence
            throw AssertionError(sentence, error)
        }
    }

    companion object {
        private val LIMIT = 1.minutes
        private val FOLDER = File(World.root, "target/scenarios")
        private val results = sortedMapOf<String, String>()

        @JvmStatic
        @AfterAll
        fun write() {
            val lines = results.map { (name, result) -> "  ${Json.write(name)}: ${Json.write(result)}" }
            File(FOLDER, "results").apply { mkdirs() }.resolve("kotlin.json").writeText(lines.joinToString(",\n", "{\n", "\n}\n"))
        }
    }
}

/** A scenario as its file tells it. */
internal class Story(
    file: File,
) {
    @Suppress("UNCHECKED_CAST")
    private val all = Json.read(file.readText()) as Map<String, Any?>
    val language = if (all["language"] == "en") Language.ENGLISH else Language.JAPANESE
    val needsTown = "town" in (all["needs"] as? List<*>).orEmpty()

    @Suppress("UNCHECKED_CAST")
    val steps = (all.getValue("step") as List<Map<String, Any?>>).map(::Step)
}

/** One step; what it was never asked for is an argument this runner does not know. */
internal class Step(
    private val all: Map<String, Any?>,
) {
    private val used = mutableSetOf("do", "sees", "sees_not", "fails")
    val verb = all.getValue("do") as String
    val sees = list("sees").orEmpty()
    val seesNot = list("sees_not").orEmpty()
    val fails = all["fails"] as String?

    fun text(name: String): String? = (all[name] as String?).also { used += name }

    fun needed(name: String): String = checkNotNull(text(name)) { "$verb without $name" }

    fun list(name: String): List<String>? = (all[name] as List<*>?)?.map { it as String }.also { used += name }

    /** What is typed into the fields of a form. */
    fun fields(): List<Pair<String, String>> =
        (all["fields"] as Map<*, *>).map { (field, text) -> field as String to text as String }.also { used += "fields" }

    fun isOn(name: String): Boolean = (all[name] == true).also { used += name }

    fun number(name: String): Int? = (all[name] as Double?)?.toInt().also { used += name }

    fun unknown() = all.keys - used
}
