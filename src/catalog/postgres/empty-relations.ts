/**
 * Relations that tools ask for and of which we have nothing: no comments, triggers,
 * policies, partitions, publications or enumerations. Columns as in PostgreSQL 15.
 */
import { emptyRelation } from './catalog-relation.ts'

export const EMPTY_RELATIONS = [
  emptyRelation(
    'pg_description',
    'objoid BIGINT, classoid BIGINT, objsubid INTEGER, description VARCHAR',
  ),
  emptyRelation('pg_shdescription', 'objoid BIGINT, classoid BIGINT, description VARCHAR'),
  emptyRelation(
    'pg_policy',
    'oid BIGINT, polname VARCHAR, polrelid BIGINT, polcmd VARCHAR, polpermissive BOOLEAN, polroles BIGINT[], polqual VARCHAR, polwithcheck VARCHAR',
  ),
  emptyRelation(
    'pg_statistic_ext',
    'oid BIGINT, stxrelid BIGINT, stxname VARCHAR, stxnamespace BIGINT, stxowner BIGINT, stxstattarget INTEGER, stxkeys SMALLINT[], stxkind VARCHAR[], stxexprs VARCHAR',
  ),
  emptyRelation(
    'pg_publication',
    'oid BIGINT, pubname VARCHAR, pubowner BIGINT, puballtables BOOLEAN, pubinsert BOOLEAN, pubupdate BOOLEAN, pubdelete BOOLEAN, pubtruncate BOOLEAN, pubviaroot BOOLEAN',
  ),
  emptyRelation(
    'pg_publication_rel',
    'oid BIGINT, prpubid BIGINT, prrelid BIGINT, prqual VARCHAR, prattrs SMALLINT[]',
  ),
  emptyRelation('pg_publication_namespace', 'oid BIGINT, pnpubid BIGINT, pnnspid BIGINT'),
  emptyRelation(
    'pg_trigger',
    'oid BIGINT, tgrelid BIGINT, tgparentid BIGINT, tgname VARCHAR, tgfoid BIGINT, tgtype SMALLINT, tgenabled VARCHAR, tgisinternal BOOLEAN, tgconstrrelid BIGINT, tgconstrindid BIGINT, tgconstraint BIGINT, tgdeferrable BOOLEAN, tginitdeferred BOOLEAN, tgnargs SMALLINT, tgattr SMALLINT[], tgargs VARCHAR, tgqual VARCHAR, tgoldtable VARCHAR, tgnewtable VARCHAR',
  ),
  emptyRelation(
    'pg_inherits',
    'inhrelid BIGINT, inhparent BIGINT, inhseqno INTEGER, inhdetachpending BOOLEAN',
  ),
  emptyRelation(
    'pg_rewrite',
    'oid BIGINT, rulename VARCHAR, ev_class BIGINT, ev_type VARCHAR, ev_enabled VARCHAR, is_instead BOOLEAN, ev_qual VARCHAR, ev_action VARCHAR',
  ),
  emptyRelation('pg_enum', 'oid BIGINT, enumtypid BIGINT, enumsortorder FLOAT, enumlabel VARCHAR'),
  emptyRelation(
    'pg_range',
    'rngtypid BIGINT, rngsubtype BIGINT, rngmultitypid BIGINT, rngcollation BIGINT, rngsubopc BIGINT, rngcanonical BIGINT, rngsubdiff BIGINT',
  ),
  emptyRelation(
    'pg_extension',
    'oid BIGINT, extname VARCHAR, extowner BIGINT, extnamespace BIGINT, extrelocatable BOOLEAN, extversion VARCHAR, extconfig BIGINT[], extcondition VARCHAR[]',
  ),
  emptyRelation(
    'pg_auth_members',
    'roleid BIGINT, member BIGINT, grantor BIGINT, admin_option BOOLEAN',
  ),
  emptyRelation('pg_db_role_setting', 'setdatabase BIGINT, setrole BIGINT, setconfig VARCHAR[]'),
  emptyRelation(
    'pg_default_acl',
    'oid BIGINT, defaclrole BIGINT, defaclnamespace BIGINT, defaclobjtype VARCHAR, defaclacl VARCHAR[]',
  ),
  emptyRelation(
    'pg_depend',
    'classid BIGINT, objid BIGINT, objsubid INTEGER, refclassid BIGINT, refobjid BIGINT, refobjsubid INTEGER, deptype VARCHAR',
  ),
  emptyRelation(
    'pg_event_trigger',
    'oid BIGINT, evtname VARCHAR, evtevent VARCHAR, evtowner BIGINT, evtfoid BIGINT, evtenabled VARCHAR, evttags VARCHAR[]',
  ),
  emptyRelation(
    'pg_matviews',
    'schemaname VARCHAR, matviewname VARCHAR, matviewowner VARCHAR, tablespace VARCHAR, hasindexes BOOLEAN, ispopulated BOOLEAN, definition VARCHAR',
  ),
] as const
