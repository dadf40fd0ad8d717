"""Closed word lists of English and of the way in which papers are written."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those its their our his her your my each every some any no all both either
    neither another such and or but nor so yet if then else than as at by for from in into of off on onto out
    over per to toward towards under up upon via with within without through throughout across against among
    amongst between beyond during before after until since while when where which who whom whose what why how
    whether because although though despite however moreover furthermore therefore thus hence i we you he she
    it they us them me him itself themselves ourselves one ones is are was were be been being am do does did
    done has have had having can could may might must shall should will would not only also even still just
    very too more most less least much many few several further often always never here there now today
    recently e i.e. eg etc et al vs versus about above along around below besides except like unlike including
    regarding rather about near instead due
    """.split()
)
"""Words over which no term reaches, except where the lexicon or an abbreviation says so."""

VERBS = frozenset(
    """
    propose proposes proposed introduce introduces introduced present presents presented develop develops
    developed show shows showed shown demonstrate demonstrates demonstrated find finds found achieve achieves
    achieved improve improves improved outperform outperforms outperformed uses used evaluate evaluates
    evaluated train trained trains tested tests enable enables enabled provide provides provided reveal
    reveals revealed studied studies investigate investigates investigated explore explores explored address
    addresses addressed apply applies applied combine combines combined compare compares compared conduct
    conducts conducted consider considers considered consist consists contain contains contribute create
    creates created define defines defined derive derived describe describes described designed designs detect
    detects determine establish establishes established examine examines examined exhibit exhibits exist
    exists existing extend extends extended fail fails focuses follow follows formulate formulates formulated
    generate generates generated give gives given helps identify identifies identified implement implements
    implemented incorporate incorporates increase increases integrate integrates integrated involve involves
    leads lead leverage leverages leveraged leveraging limits limited make makes made maintain maintaining
    mitigate mitigates needs obtain obtained offer offers perform performs performed predict predicts produce
    produces prove proves provably provide reduce reduces reduced rely relies remain remains reports reported
    require requires required resolve resolves result results say see serve serves solve solves suffer suffers
    suggest suggests support supports surpass surpasses surpassing tackle tackles take takes taking transform
    understand utilize utilizes utilizing validate validates verify works yield yields using based construct
    constructs constructed constructing called named termed dubbed known becoming become becomes remain
    """.split()
)
"""Verb forms that never stand at an end of a term; participles that do (`learned`, `masked`) are not here."""
