"""What the application may never do to some tables, beside what `append_only` takes away."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class NeverDeleted(Operation):
    """Migration step: rows of this table end (are destroyed, withdrawn), they are never removed by the application."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._execute("REVOKE DELETE, TRUNCATE ON {} FROM {}", app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._execute("GRANT DELETE ON {} TO {}", app_label, schema_editor, to_state)

    def describe(self) -> str:
        return f"The application removes no rows of {self.name}"

    def _execute(
        self, statement: str, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        table = state.apps.get_model(app_label, self.name)._meta.db_table
        role = str(schema_editor.connection.settings_dict.get("APP_ROLE") or "vliegwiel_app")
        schema_editor.execute(statement.format(schema_editor.quote_name(table), schema_editor.quote_name(role)))
