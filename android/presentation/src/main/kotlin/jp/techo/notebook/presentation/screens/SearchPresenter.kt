package jp.techo.notebook.presentation.screens

import jp.techo.core.RecordView
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen

/** What was looked for, and found so far. */
data class Search(
    val words: String = "",
    /** The words that [found] belongs to; null before the first search. */
    val searched: String? = null,
    val found: List<RecordView> = emptyList(),
    val next: String? = null,
) {
    /** Never prints what was typed. */
    override fun toString() = "Search(${found.size} found)"
}

/** Searching in everything that was filed. The words are kept nowhere. */
class SearchPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Search,
) : Presenter<Search>(desk, entry, Search()) {
    override fun read() {
        if (now.searched != null) search()
    }

    fun type(words: String) = show { it.copy(words = words) }

    fun search() {
        val words = now.words.trim()
        if (words.isEmpty()) return show { Search() }
        reading {
            val page = vault { it.search(words, screen.person, null, PAGE) }
            show { it.copy(searched = words, found = page.records, next = page.next) }
        }
    }

    /** The next page, where there is one. */
    fun more() {
        val after = now.next ?: return
        val words = now.searched ?: return
        work {
            val page = vault { it.search(words, screen.person, after, PAGE) }
            if (now.next == after) show { it.copy(found = it.found + page.records, next = page.next) }
        }
    }

    /** Opens what was found: the record, or its event where a record has no id of its own. */
    fun open(record: RecordView) = desk.go(record.id?.let(Screen::Record) ?: Screen.Event(record.event))

    private companion object {
        const val PAGE = 50u
    }
}
