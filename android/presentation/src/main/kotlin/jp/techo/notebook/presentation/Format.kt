package jp.techo.notebook.presentation

/** A value as it was measured, with its unit where there is one. */
fun measured(
    value: String?,
    unit: String?,
): String? = value?.let { if (unit.isNullOrEmpty()) it else "$it $unit" }

/** A size in words of at most three figures, for example `256 MB`. */
fun sizeText(bytes: Long): String {
    val units = listOf("B", "kB", "MB", "GB")
    var size = bytes.coerceAtLeast(0).toDouble()
    var unit = 0
    while (size >= STEP && unit < units.lastIndex) {
        size /= STEP
        unit += 1
    }
    return "${Math.round(size)} ${units[unit]}"
}

/**
 * A day as people write it, as `1972-04-15`: with figures of either width, parted by anything or by nothing, and with the
 * years of an era (昭和47年4月15日, S47.4.15). Null where it is no day.
 */
fun dateOf(text: String): String? {
    val plain = java.text.Normalizer.normalize(text.trim(), java.text.Normalizer.Form.NFKC)
    val era = ERAS.firstOrNull { (names, _) -> names.any { plain.startsWith(it, ignoreCase = true) } }
    val numbers = Regex("\\d+|元").findAll(plain).map { if (it.value == "元") "1" else it.value }.toList()
    val (year, month, day) =
        when {
            numbers.size == PARTS -> numbers
            era == null && numbers.size == 1 && numbers[0].length == COMPACT ->
                numbers[0].let { listOf(it.substring(0, 4), it.substring(4, 6), it.substring(6)) }
            else -> return null
        }
    val full =
        when {
            era != null -> era.second + (year.toIntOrNull() ?: return null)
            year.length == FULL_YEAR -> year.toInt()
            else -> return null
        }
    return runCatching { java.time.LocalDate.of(full, month.toInt(), day.toInt()).toString() }.getOrNull()
}

private val ERAS =
    listOf(
        listOf("令和", "R") to 2018,
        listOf("平成", "H") to 1988,
        listOf("昭和", "S") to 1925,
        listOf("大正", "T") to 1911,
        listOf("明治", "M") to 1867,
    )
private const val PARTS = 3
private const val COMPACT = 8
private const val FULL_YEAR = 4
private const val STEP = 1000.0
