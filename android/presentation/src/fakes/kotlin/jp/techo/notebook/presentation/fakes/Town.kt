package jp.techo.notebook.presentation.fakes

import java.io.File
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** Relay and stand-in of Mynaportal: the program `techo-town`, which ends with its input. */
class Town : AutoCloseable {
    private val process: Process
    private val lines = LinkedBlockingQueue<String>()
    val profile: String

    init {
        val program = File(System.getProperty("techo.town") ?: File(System.getProperty("techo.root"), "target/release/techo-town").path)
        check(program.canExecute()) { "no town at $program: cargo build --release -p techo-portal-standin --bin techo-town" }
        process = ProcessBuilder(program.path).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        // A thread of its own reads, because reading from a pipe knows no limit of time.
        thread(isDaemon = true, name = "town") {
            process.inputStream.bufferedReader().useLines { all -> all.forEach(lines::put) }
            lines.put(END)
        }
        profile =
            try {
                File(answer()["profile"] as String).readText()
            } catch (error: Throwable) {
                close()
                throw error
            }
    }

    /** [citizen] goes through the browser's pages at [url]; gives the address that it comes back to. */
    fun visit(
        url: String,
        citizen: String,
    ): String {
        process.outputStream.write("{\"visit\":${Json.write(url)},\"citizen\":${Json.write(citizen)}}\n".toByteArray())
        process.outputStream.flush()
        val answer = answer()
        return answer["back"] as? String ?: throw AssertionError("the browser came to nowhere: ${answer["error"]}")
    }

    @Suppress("UNCHECKED_CAST")
    private fun answer(): Map<String, Any?> {
        val line = checkNotNull(lines.poll(LIMIT, TimeUnit.SECONDS)) { "the town said nothing for $LIMIT seconds" }
        check(line != END) { "the town has ended" }
        return Json.read(line) as Map<String, Any?>
    }

    override fun close() {
        process.outputStream.close()
        if (!process.waitFor(LIMIT, TimeUnit.SECONDS)) {
            process.destroyForcibly()
            throw AssertionError("the town did not end within $LIMIT seconds after its input ended")
        }
    }

    private companion object {
        const val LIMIT = 20L
        const val END = ""
    }
}
