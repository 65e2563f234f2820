package jp.techo.notebook.presentation.fakes

/** Reads JSON as far as the scenario files and the town need it: objects as maps, arrays as lists, texts, numbers, yes and no. */
class Json private constructor(
    private val text: String,
) {
    private var at = 0

    private fun value(): Any? {
        space()
        return when (val sign = text[at]) {
            '{' ->
                fill(mutableMapOf<String, Any?>(), '}') { map ->
                    val name = word()
                    expect(':')
                    map[name] = value()
                }
            '[' -> fill(mutableListOf<Any?>(), ']') { it += value() }
            '"' -> word()
            else -> plain(sign)
        }
    }

    private fun <T> fill(
        into: T,
        end: Char,
        one: (T) -> Unit,
    ): T {
        at += 1
        space()
        while (text[at] != end) {
            one(into)
            space()
            if (text[at] == ',') at += 1 else require(text[at] == end) { "a comma at $at" }
            space()
        }
        at += 1
        return into
    }

    private fun word(): String {
        space()
        expect('"')
        return buildString {
            while (text[at] != '"') {
                val sign = text[at++]
                append(if (sign == '\\') escaped() else sign)
            }
            at += 1
        }
    }

    private fun escaped(): Char =
        when (val sign = text[at++]) {
            'n' -> '\n'
            't' -> '\t'
            'r' -> '\r'
            'b' -> '\b'
            'f' -> '\u000c'
            'u' -> text.substring(at, at + HEX).toInt(HEX * HEX).toChar().also { at += HEX }
            else -> sign
        }

    private fun plain(first: Char): Any? {
        val end = (at until text.length).firstOrNull { text[it] in ",]} \n\r\t" } ?: text.length
        val word = text.substring(at, end)
        at = end
        return when {
            word == "true" -> true
            word == "false" -> false
            word == "null" -> null
            first == '-' || first.isDigit() -> word.toDouble()
            else -> throw IllegalArgumentException("no value: $word")
        }
    }

    private fun expect(sign: Char) {
        space()
        require(text[at] == sign) { "$sign expected at $at" }
        at += 1
    }

    private fun space() {
        while (at < text.length && text[at].isWhitespace()) at += 1
    }

    companion object {
        private const val HEX = 4

        fun read(text: String): Any? = Json(text).value()

        /** A text as JSON writes it. */
        fun write(text: String) =
            buildString {
                append('"')
                text.forEach { sign ->
                    when {
                        sign == '"' || sign == '\\' -> append('\\').append(sign)
                        sign < ' ' -> append("\\u%04x".format(sign.code))
                        else -> append(sign)
                    }
                }
                append('"')
            }
    }
}
