/** Each line: a word, and the forms of it that no rule of suffixes leads back to it. */
const verbs = `
be am is are was were been|have has had|do does did done|go goes went gone|say said|make made|get got gotten
know knew known|think thought|take took taken|see saw seen|come came|give gave given|find found|tell told
become became|leave left|feel felt|bring brought|begin began begun|keep kept|hold held|write wrote written
stand stood|hear heard|mean meant|meet met|run ran|pay paid|sit sat|speak spoke spoken|lead led
grow grew grown|lose lost|fall fell fallen|send sent|build built|understand understood|draw drew drawn
break broke broken|spend spent|drive drove driven|buy bought|wear wore worn|choose chose chosen
eat ate eaten|sleep slept|teach taught|catch caught|sell sold|fight fought|throw threw thrown|fly flew flown
forget forgot forgotten|forgive forgave forgiven|hide hid hidden|ride rode ridden|ring rang rung|rise risen
seek sought|shake shook shaken|shine shone|shoot shot|sing sang sung|sink sank sunk|slide slid|steal stole stolen
stick stuck|strike struck stricken|swear swore sworn|sweep swept|swim swam swum|swing swung|tear tore torn
wake woke woken|weave wove woven|weep wept|win won|withdraw withdrew withdrawn|bend bent|bind bound|bite bit bitten
bleed bled|blow blew blown|breed bred|burn burnt|cling clung|creep crept|deal dealt|dig dug|dream dreamt
drink drank drunk|feed fed|flee fled|freeze froze frozen|hang hung|kneel knelt|lay laid|lean leant|leap leapt
learn learnt|lend lent|light lit|mistake mistook mistaken|overcome overcame|prove proven|show shown|sew sewn
shrink shrank shrunk|spell spelt|spill spilt|spin spun|spring sprang sprung|sting stung|stink stank stunk
strive strove striven|swell swollen|undertake undertook undertaken|undergo underwent undergone|wind wound
arise arose arisen|awake awoke awoken|foresee foresaw foreseen|overtake overtook overtaken|rebuild rebuilt
rewrite rewrote rewritten|redo redid redone|undo undid undone|die died dying|lie lied lying|tie tied tying`;

const nouns = `
man men|woman women|child children|person people persons|foot feet|tooth teeth|goose geese|mouse mice|ox oxen
wife wives|knife knives|wolf wolves|half halves|shelf shelves|thief thieves|calf calves|loaf loaves|scarf scarves
analysis analyses|crisis crises|thesis theses|hypothesis hypotheses|diagnosis diagnoses|basis bases
criterion criteria|phenomenon phenomena|index indices|matrix matrices|vertex vertices|appendix appendices
datum data|medium media|curriculum curricula|good better best|bad worse worst|far farther further`;

/** The word that an irregular form is of. */
export const irregularForms: ReadonlyMap<string, string> = new Map(
  `${verbs}|${nouns}`
    .split(/[|\n]/)
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [word = "", ...forms] = line.split(" ");
      return forms.map((form): [string, string] => [form, word]);
    }),
);
