package jp.techo.notebook.presentation.screens

import jp.techo.core.Key
import jp.techo.core.SlotKind
import jp.techo.core.TechoException
import jp.techo.core.VaultInterface
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.TroubleView
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.platform.Unsealed
import jp.techo.notebook.presentation.told
import jp.techo.notebook.presentation.trouble

/** The closed notebook. */
data class Unlock(
    /** That it is closed, in the core's words. */
    val closed: TroubleView? = null,
    /** The ways there are, the nearest first. */
    val ways: List<SlotKind> = emptyList(),
    val way: SlotKind? = null,
    /** This phone's keystore lost its key: another way has to open, and the phone's lock can be set up again. */
    val keyLost: Boolean = false,
    val sealAgain: Boolean = true,
    /** The notebook is damaged, older than it was, or cannot be proven. */
    val damage: TroubleView? = null,
    /** The person is being asked whether the loss is accepted. */
    val asksLoss: Boolean = false,
    /** An emergency card can be read without unlocking. */
    val hasCard: Boolean = false,
)

/** Unlocking, and what can be done where that does not go well. A new, empty notebook is never one of the answers. */
class UnlockPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Unlock>(desk, entry, Unlock()) {
    private var key: Key? = null
    private var newPassphrase: String? = null

    override fun read() =
        reading {
            val kinds = desk.background.run { desk.library.slots(desk.place.vault) }
            val hasSealed = desk.background.run { desk.place.sealed() } != null
            val ways =
                listOf(SlotKind.DEVICE, SlotKind.PASSPHRASE, SlotKind.RECOVERY).filter {
                    it in kinds &&
                        (it != SlotKind.DEVICE || hasSealed)
                }
            val hasCard = desk.cards.any()
            // A notebook that has a device slot and no sealed bytes came from elsewhere: its key is lost here.
            val lost = SlotKind.DEVICE in kinds && !hasSealed
            show {
                it.copy(
                    closed = TechoException.Locked().told(desk.language),
                    ways = ways,
                    hasCard = hasCard,
                    way = it.way ?: ways.firstOrNull(),
                    keyLost =
                        it.keyLost || lost,
                )
            }
        }

    fun pick(way: SlotKind) {
        understood()
        show { it.copy(way = way) }
    }

    fun sealAgain(on: Boolean) = show { it.copy(sealAgain = on) }

    /** By the phone's own lock. */
    fun byDevice() {
        work {
            when (val answer = desk.background.run { desk.place.sealed() }?.let { desk.unseal(it) } ?: Unsealed.KeyLost) {
                is Unsealed.Key -> open(Key.Device(answer.bytes))
                Unsealed.Cancelled -> Unit
                Unsealed.LockedOut -> say(trouble(Word.LOCKED_OUT, Word.LOCKED_OUT_TODO))
                Unsealed.Unavailable -> say(trouble(Word.DEVICE_KEY_AWAY, Word.DEVICE_KEY_AWAY_TODO))
                Unsealed.KeyLost, Unsealed.Damaged -> lost()
            }
        }
    }

    fun byPassphrase(text: String) {
        work { open(Key.Passphrase(text)) }
    }

    /** By the paper kit; [passphrase], where given, is set anew. */
    fun byKit(
        code: String,
        passphrase: String?,
    ) {
        newPassphrase = passphrase?.ifEmpty { null }
        work { open(Key.Recovery(code)) }
    }

    /** Opens a damaged notebook to read and export. */
    fun rescue() {
        val key = key ?: return
        work { desk.take(Opened.RESCUE) { desk.library.rescue(desk.place.vault, key, desk.language) } }
    }

    /** Asks whether the loss is accepted; nothing happens yet. */
    fun askLoss(asks: Boolean) = show { it.copy(asksLoss = asks) }

    /** The person accepts the loss: what cannot be proven is put aside, and a new beginning is made with the rest. */
    fun acceptLoss() {
        val key = key ?: return
        work {
            desk.take(Opened.WHOLE) { desk.library.acceptLoss(desk.place.vault, key, desk.language) }
            forgetKey()
        }
    }

    fun restore() = desk.go(Screen.Restore)

    /** The emergency cards, without unlocking. */
    fun card() = desk.go(Screen.LockedCards)

    override fun back() {
        when {
            now.asksLoss -> askLoss(false)
            now.damage != null -> {
                forgetKey()
                show { it.copy(damage = null) }
            }
            else -> super.back()
        }
    }

    override fun gone() {
        forgetKey()
        super.gone()
    }

    private suspend fun open(with: Key) {
        forgetKey()
        key = with
        val passphrase = newPassphrase
        newPassphrase = null
        try {
            val seen = desk.lastSeen()
            val before: suspend (VaultInterface) -> Unit = { notebook ->
                if (passphrase != null) desk.background.run { notebook.setPassphrase(passphrase) }
                if (now.keyLost && now.sealAgain && with !is Key.Device) seal(notebook)
            }
            desk.take(Opened.WHOLE, before = before) { desk.library.open(desk.place.vault, with, seen, desk.language) }
            forgetKey()
        } catch (error: TechoException) {
            if (!error.isDamage()) throw error
            show { it.copy(damage = error.told(desk.language), asksLoss = false) }
        }
    }

    /** Gives the notebook a new device slot, sealed by this phone's new key. What fails leaves the other ways as they are. */
    private suspend fun seal(notebook: VaultInterface) {
        val secret = desk.library.secret()
        try {
            val sealed = desk.seal(secret) as? Sealed.Bytes ?: return
            desk.background.run {
                notebook.setDeviceSecret(secret)
                desk.place.keepSealed(sealed.bytes)
            }
        } finally {
            secret.fill(0)
        }
    }

    private fun lost() {
        // Said once, by the state: it stays true until another way has opened the notebook.
        show { state ->
            val others = state.ways - SlotKind.DEVICE
            state.copy(ways = others, way = others.firstOrNull(), keyLost = true)
        }
    }

    private fun forgetKey() {
        (key as? Key.Device)?.secret?.fill(0)
        key = null
    }

    private fun TechoException.isDamage() =
        this is TechoException.VaultDamaged || this is TechoException.VaultRolledBack ||
            this is TechoException.VaultForked || this is TechoException.VaultUnproven
}
