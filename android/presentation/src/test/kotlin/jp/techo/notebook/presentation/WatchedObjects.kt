package jp.techo.notebook.presentation

import jp.techo.core.ConsentQuestion
import jp.techo.core.ImportDraft
import jp.techo.core.NoHandle
import jp.techo.core.ReturnTo
import jp.techo.core.SyncSession

// The objects that a notebook hands out, watched as the notebook itself is. A test holds them to the list of the surface.

internal class WatchedDraft(
    private val inner: ImportDraft,
    private val watch: Watched,
) : ImportDraft(NoHandle) {
    override fun view() = inner.view()

    override fun take(
        person: String,
        anyway: Boolean,
        digitsChecked: Boolean,
    ) = watch.seen("take") { inner.take(person, anyway, digitsChecked) }

    override fun keep(
        person: String,
        title: String?,
        day: String?,
        digitsChecked: Boolean,
    ) = watch.seen("keep") { inner.keep(person, title, day, digitsChecked) }

    override fun confirmTable(dayFirst: Boolean?): ImportDraft =
        WatchedDraft(watch.seen("confirmTable") { inner.confirmTable(dayFirst) }, watch)

    override fun close() = inner.close()
}

internal class WatchedQuestion(
    private val inner: ConsentQuestion,
    private val watch: Watched,
) : ConsentQuestion(NoHandle) {
    override fun view() = inner.view()

    override fun surplusOf(granted: List<String>) = inner.surplusOf(granted)

    override fun answer(granted: List<String>) = watch.seen("answer") { inner.answer(granted) }

    override fun start(back: ReturnTo): SyncSession = WatchedSession(watch.seen("start") { inner.start(back) }, watch)

    override fun close() = inner.close()
}

internal class WatchedSession(
    private val inner: SyncSession,
    private val watch: Watched,
) : SyncSession(NoHandle) {
    override fun id() = inner.id()

    override fun state() = inner.state()

    override fun stop() = inner.stop()

    override fun advance() = watch.seen("advance") { inner.advance() }

    override fun cameBack(url: String) = watch.seen("cameBack") { inner.cameBack(url) }

    override fun cancel() = watch.seen("cancel") { inner.cancel() }

    override fun decide(yes: Boolean) = watch.seen("decide") { inner.decide(yes) }

    override fun lookAgain() = watch.seen("lookAgain") { inner.lookAgain() }

    override fun close() = inner.close()
}
