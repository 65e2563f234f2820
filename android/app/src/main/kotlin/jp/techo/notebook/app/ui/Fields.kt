package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.unit.dp
import jp.techo.core.Sex
import jp.techo.notebook.R
import jp.techo.notebook.presentation.dateOf
import jp.techo.notebook.presentation.screens.PersonForm

/** A line to write in. */
@Composable
internal fun Field(
    value: String,
    name: Int,
    note: String? = null,
    isWrong: Boolean = false,
    type: (String) -> Unit,
) = OutlinedTextField(
    value,
    type,
    Modifier.fillMaxWidth(),
    label = { Text(stringResource(name)) },
    supportingText = note?.let { { Text(it) } },
    isError = isWrong,
)

/** A secret to write: not seen, not learned by the keyboard, kept nowhere. */
@Composable
internal fun SecretField(
    value: String,
    name: Int,
    note: String? = null,
    isWrong: Boolean = false,
    type: (String) -> Unit,
) = OutlinedTextField(
    value,
    type,
    Modifier.fillMaxWidth(),
    label = { Text(stringResource(name)) },
    supportingText = note?.let { { Text(it) } },
    isError = isWrong,
    singleLine = true,
    visualTransformation = PasswordVisualTransformation(),
    keyboardOptions = KeyboardOptions(autoCorrectEnabled = false, keyboardType = KeyboardType.Password),
)

/** Who somebody is. */
@Composable
internal fun PersonFields(
    form: PersonForm,
    asksGestation: Boolean = false,
    fill: (PersonForm) -> Unit,
) {
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Field(form.name, R.string.person_name) { fill(form.copy(name = it)) }
        Field(form.kana, R.string.person_kana, stringResource(R.string.person_kana_note)) { fill(form.copy(kana = it)) }
        val isWrong = form.born.isNotBlank() && dateOf(form.born) == null
        Field(form.born, R.string.person_born, stringResource(R.string.person_born_note), isWrong) { fill(form.copy(born = it)) }
        if (asksGestation) {
            Field(form.gestation, R.string.person_gestation, stringResource(R.string.person_gestation_note)) {
                fill(form.copy(gestation = it))
            }
        }
        Note(stringResource(R.string.person_sex))
        Column(Modifier.selectableGroup()) {
            listOf(Sex.FEMALE, Sex.MALE).forEach { sex ->
                OneOf(stringResource(sex.id()), form.sex == sex) { fill(form.copy(sex = sex)) }
            }
        }
    }
}
