/**
 * Words that a caller's compiler would not take as the name of a field, in lower case: those of COBOL (ISO 1989 and
 * IBM Enterprise COBOL), Java and C#. COBOL spells compound words with hyphens, which no generated name contains, so
 * only its single words matter.
 */
const COBOL = `accept access active-class add address advancing after aligned all allocate allowing alphabet alphabetic
alphanumeric also alter alternate and any anycase apply are area areas as ascending assign at attribute author b-and
base based basis before beginning bell binary bit blank block boolean bottom by call cancel cd cf ch character
characters class clock close cobol code column columns com comma common communication comp compute condition
configuration console constant contains content continue control controls converting copy corr corresponding count crt
currency cursor data date day dbcs debugging decimal declaratives default delete delimited delimiter depending
descending destination detail disable display divide division down duplicates dynamic ebcdic egcs egi eject else emi
enable end ending enter entry environment eo eop equal error esi evaluate every exception exclusive exec execute exit
extend external factory false fd file filler final finally first fixed float footing for format free from full function
functions generate get giving global go goback greater group heading high highlight id identification if in index
indexed indicate inheriting initial initialize initiate input insert inspect installation interface into invalid invoke
is just justified kanji key label last leading left length less limit limits linage line lines linkage local locale lock
low lowlight manual memory merge message method minus mode modules more move multiple multiply national native negative
nested next no none normal not null nulls number numeric object occurs of off omitted on only open optional options or
order organization other output overflow override packed padding page paragraph password perform pf ph pic picture plus
pointer position positive present previous print printing procedure procedures proceed processing program prompt
property prototype purge queue quote quotes raise raising random rd read ready receive record recording records
recursive redefines reel reference references relation relative release reload remainder remarks removal renames repeat
replace replacing report reporting reports repository rerun reserve reset resume retry return returning reversed rewind
rewrite rf rh right rounded run same screen sd search seconds section secure security segment select self send sentence
separate sequence sequential service set sharing shift sign size skip sort source space spaces special standard start
status stop string strong sub subtract sum super suppress symbol symbolic sync synchronized system table tally tallying
tape terminal terminate test text than then through thru time times timeout title to top trace trailing true type
typedef unit universal unlock until up update upon usage use user using valid validate value values varying volatile
wait when with words write xml yyyyddd yyyymmdd zero zeroes zeros`;

const JAVA = `abstract assert boolean break byte case catch char class const continue default do double else enum extends
final finally float for goto if implements import instanceof int interface long native new package private protected
public return short static strictfp super switch synchronized this throw throws transient try void volatile while true
false null record sealed permits yield var`;

const C_SHARP = `abstract as base bool break byte case catch char checked class const continue decimal default delegate do
double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal
is lock long namespace new null object operator out override params private protected public readonly ref return sbyte
sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort
using virtual void volatile while`;

const RESERVED: ReadonlySet<string> = new Set(`${COBOL} ${JAVA} ${C_SHARP}`.split(/\s+/));

/** Whether a name, in whatever case, is a reserved word of COBOL, Java or C#. */
export function isReservedWord(name: string): boolean {
  return RESERVED.has(name.toLowerCase());
}

/**
 * Types that generated code names without their package, where one of the contract's beside it would be taken instead: those
 * of java.lang and the factory of xjc, the builder that protoc puts into each message, the types that OpenAPI Generator takes
 * for Java's own, and the namespace `System` of .NET.
 */
const PLATFORM_TYPES: ReadonlySet<string> = new Set(
  `boolean builder byte character class comparable deprecated double enum error exception float integer iterable long math
number object objectfactory override record runtimeexception safevarargs short string stringbuilder suppresswarnings
system thread throwable void arraylist bigdecimal date datetime file hashmap linkedhashset list localdate localdatetime
localtime map set timestamp uri uuid`.split(/\s+/),
);

/** True for a type name, whatever its case, that generated code knows already. */
export function isPlatformType(name: string): boolean {
  return PLATFORM_TYPES.has(name.toLowerCase());
}

/** Fields for which protoc declares in Java or Go what each message has already, or what another field has. */
const TAKEN_PROTO_FIELD = /^(descriptor|default_instance|bit_field\d+|proto_reflect)$|_or_builder$/;

/** True for a proto field name whose accessors would not compile. */
export function isTakenProtoField(name: string): boolean {
  return TAKEN_PROTO_FIELD.test(name);
}

const PYTHON = `and as assert async await break class continue def del elif else except finally for from global if import in
is lambda nonlocal not or pass raise return try while with yield`;

const PACKAGE_WORDS: ReadonlySet<string> = new Set(`${JAVA} ${PYTHON}`.split(/\s+/));

/** True for a word that Java and Python do not take as the name of a package. */
export function isPackageWord(name: string): boolean {
  return PACKAGE_WORDS.has(name);
}
