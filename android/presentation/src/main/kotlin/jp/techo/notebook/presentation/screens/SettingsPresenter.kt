package jp.techo.notebook.presentation.screens

import jp.techo.core.Agreement
import jp.techo.core.LegalKind
import jp.techo.core.LegalText
import jp.techo.core.RecoveryKit
import jp.techo.core.Setting
import jp.techo.core.SlotKind
import jp.techo.core.Verification
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.platform.Notice
import jp.techo.notebook.presentation.platform.PrintLine
import jp.techo.notebook.presentation.platform.PrintSheet
import jp.techo.notebook.presentation.platform.PrintStyle
import jp.techo.notebook.presentation.platform.Sealed
import jp.techo.notebook.presentation.trouble
import jp.techo.core.Settings as CoreSettings

/** The person's choices; null until they are read. */
data class Settings(
    val settings: CoreSettings? = null,
)

/** Settings, each in force at once. */
class SettingsPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Settings>(desk, entry, Settings()) {
    override fun read() = reading { load() }

    /** Switches [setting]. Notices are asked for of the phone first. */
    fun set(
        setting: Setting,
        on: Boolean,
    ) {
        work {
            val allowed = setting != Setting.NOTIFICATIONS || !on || desk.errand { desk.phone.notices.ask() }
            if (allowed) present(ConfirmedAct.SETTINGS) { write { it.setSetting(setting, on) } }
            load()
        }
    }

    /** Locks after so many minutes without a touch. */
    fun lockAfter(minutes: UInt) {
        work {
            write { it.setLockAfter(minutes) }
            load()
        }
    }

    fun go(screen: Screen) = desk.go(screen)

    private suspend fun load() {
        val settings = vault { it.settings() }
        desk.follow(settings)
        show { Settings(settings) }
    }
}

/** What opens the notebook. */
data class Keys(
    val slots: List<SlotKind> = emptyList(),
    val canUseDevice: Boolean = false,
)

/** The notebook's keys: this phone's lock, the passphrase, the recovery kit. The last one is never taken away. */
class KeysPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Keys>(desk, entry, Keys()) {
    override fun read() = reading { load() }

    fun setPassphrase(text: String) {
        work {
            present(ConfirmedAct.SETTINGS) { write { it.setPassphrase(text) } }
            load()
        }
    }

    /** This phone's lock opens the notebook from now on. */
    fun useDevice() {
        work {
            present(ConfirmedAct.SETTINGS) {
                val secret = desk.library.secret()
                try {
                    when (val sealed = desk.seal(secret)) {
                        is Sealed.Bytes -> {
                            write { it.setDeviceSecret(secret) }
                            desk.background.run { desk.place.keepSealed(sealed.bytes) }
                        }
                        Sealed.Cancelled -> Unit
                        Sealed.LockedOut -> say(trouble(Word.LOCKED_OUT, Word.LOCKED_OUT_TODO))
                        Sealed.Unavailable -> say(trouble(Word.NO_SCREEN_LOCK, Word.NO_SCREEN_LOCK_TODO))
                    }
                } finally {
                    secret.fill(0)
                }
            }
            load()
        }
    }

    fun remove(kind: SlotKind) {
        work {
            present(ConfirmedAct.SETTINGS) {
                write { it.removeSlot(kind) }
                if (kind == SlotKind.DEVICE) {
                    desk.background.run { desk.place.forgetSealed() }
                    desk.phone.lock.forget()
                }
            }
            load()
        }
    }

    fun kit() = desk.go(Screen.Kit)

    private suspend fun load() {
        val slots = vault { it.slots() }
        show { Keys(slots, desk.phone.lock.state() == DeviceLockState.READY) }
    }
}

/** The paper that opens the notebook when everything else is lost; null until it is made. */
data class Kit(
    val kit: RecoveryKit? = null,
    val isPrinted: Boolean = false,
) {
    /** Never prints the code. */
    override fun toString() = "Kit(${kit != null})"
}

/** Makes the recovery kit and prints it. Its code is shown once and kept nowhere. */
class KitPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Kit>(desk, entry, Kit()) {
    fun make() {
        work {
            present(ConfirmedAct.SETTINGS) {
                val kit = write { it.makeRecoveryKit() }
                desk.phone.notices.withdraw(Notice.RECOVERY_KIT_MISSING)
                show { Kit(kit) }
            }
        }
    }

    fun print() {
        val kit = now.kit ?: return
        val lines =
            listOf(PrintLine(kit.title, PrintStyle.HEADING), PrintLine(kit.code, PrintStyle.HEADING)) + kit.lines.map { PrintLine(it) }
        if (desk.sendOut { desk.phone.printing.print(PrintSheet(kit.title, lines, "")) }) {
            show { it.copy(isPrinted = true) }
        } else {
            say(trouble(Word.NOTHING_ANSWERS, Word.NOTHING_ANSWERS_TODO))
        }
    }
}

/** Whether the notebook is whole. */
data class Check(
    val result: Verification? = null,
)

/** Checks every page of the notebook. */
class CheckPresenter(
    desk: Desk,
    entry: Entry,
) : Presenter<Check>(desk, entry, Check()) {
    fun verify() {
        work {
            val result = vault { it.verify() }
            show { Check(result) }
        }
    }
}

/** Privacy policy, terms or contact, and which version was agreed to. */
data class Legal(
    val text: LegalText? = null,
    val agreed: Agreement? = null,
)

/** One of the legal texts; read without a notebook too. */
class LegalPresenter(
    desk: Desk,
    entry: Entry,
    private val kind: LegalKind,
) : Presenter<Legal>(desk, entry, Legal()) {
    override fun read() {
        show { Legal(desk.library.legal(kind, desk.language), it.agreed) }
        if (desk.open.value != null) reading { load() }
    }

    /** Agrees to the version that is shown. */
    fun agree() {
        val version = now.text?.version ?: return
        work {
            write { it.agree(kind, version) }
            load()
        }
    }

    private suspend fun load() {
        val agreed = vault { notebook -> notebook.settings().agreed.lastOrNull { it.kind == kind && it.version != null } }
        show { it.copy(agreed = agreed) }
    }
}
