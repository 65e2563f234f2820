package jp.techo.notebook.presentation

import java.io.File

/** Relay and stand-in of Mynaportal: the program `techo-town`, which ends with its input. */
internal class Town : AutoCloseable {
    private val process: Process
    private val lines: java.io.BufferedReader
    val profile: String

    init {
        val program = File(System.getProperty("techo.town") ?: File(World.root, "target/release/techo-town").path)
        check(program.canExecute()) { "no town at $program: cargo build --release -p techo-portal-standin --bin techo-town" }
        process = ProcessBuilder(program.path).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        lines = process.inputStream.bufferedReader()
        profile = File(answer()["profile"] as String).readText()
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
    private fun answer() = Json.read(checkNotNull(lines.readLine()) { "the town has ended" }) as Map<String, Any?>

    override fun close() {
        process.outputStream.close()
        process.waitFor()
    }
}
