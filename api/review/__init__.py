"""Officers' screens for what citizens ask and report: the list, a case, its answer, templates."""
