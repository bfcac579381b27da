"""Files of the archives: `.ts` and `.arff`, and the test that lies beside the training."""

import numpy as np
import pytest
from scipy.io import arff

from pellucid.data.sequence_files import partner_of, read_arff, read_ts, with_partner
from pellucid.errors import FileError

TS = """#A comment: with a colon
@problemName Steps
@timeStamps false
@univariate false
@classLabel true up down
@data
1,2,3:4.5,5,-6e-1:up
0:1:down
"""

ARFF = """% a comment
@RELATION 'heart beats'
@attribute att1 numeric
@ATTRIBUTE 'att 2' real
@attribute kind {normal, 'not normal'}
@data
% another
1.5,2,normal
-1,0.25,'not normal'
"""


def write(path, text):
    path.write_text(text)
    return path


def test_a_ts_is_read(tmp_path):
    found = read_ts(write(tmp_path / "steps.ts", TS))
    assert found.steps[0].tolist() == [[1, 4.5], [2, 5], [3, np.float32(-0.6)]]
    assert found.steps[1].tolist() == [[0, 1]]
    assert found.steps[0].dtype == np.float32
    assert found.labels == ["up", "down"]
    assert found.names == ["steps.ts, line 7", "steps.ts, line 8"]
    assert found.channels == ("channel_1", "channel_2")


def test_a_ts_without_classes(tmp_path):
    text = TS.replace("@classLabel true up down", "@classLabel false")
    found = read_ts(write(tmp_path / "steps.ts", text.replace(":up", "").replace(":down", "")))
    assert found.labels is None
    assert [one.shape for one in found.steps] == [(3, 2), (1, 2)]


def test_an_arff_is_read_as_scipy_reads_it(tmp_path):
    path = write(tmp_path / "beats.arff", ARFF.replace("'not normal'", "ill"))
    found = read_arff(path)
    rows, _ = arff.loadarff(path)
    np.testing.assert_allclose(
        np.stack(found.steps)[..., 0], np.array([list(row)[:2] for row in rows.tolist()])
    )
    assert found.labels == [row[-1].decode() for row in rows]


def test_quoted_names_and_another_class(tmp_path):
    path = write(tmp_path / "beats.arff", ARFF)
    assert read_arff(path).labels == ["normal", "not normal"]
    found = read_arff(path, target="att1")
    assert (found.labels, found.steps[0].tolist()) == (["1.5", "-1"], [[2]])


BROKEN_TS = [
    ("1,2:3:up", "got channels of 1 and 2 steps, expected as many steps in each."),
    ("1,x:3,4:up", "got 'x', expected a number."),
    ("1,?:3,4:up", "got '?', expected a number."),
    ("1,NaN:3,4:up", "got 'NaN', expected a finite number."),
    ("1,1e60:3,4:up", "got '1e60', expected a finite number."),
    ("1,2:3,4:", "got a line without a class, expected values:class."),
    ("1,2:up", "got 1 channel, expected 2 as in most lines."),
    ("1,2\N{DEGREE SIGN}:3,4:up", "got '2\N{DEGREE SIGN}', expected a number."),
]


@pytest.mark.parametrize(("line", "told"), BROKEN_TS)
def test_a_broken_line_is_left_out_and_told(tmp_path, line, told):
    good = "1,2:3,4:up\n" * 19
    found = read_ts(
        write(tmp_path / "steps.ts", f"@classLabel true up down\n@data\n{good}{line}\n")
    )
    assert len(found) == 19
    assert found.notes == (f"1 of 20 sequences left out:\n  steps.ts, line 22: {told}",)


def test_what_is_no_utf_8_is_a_broken_line(tmp_path):
    path = tmp_path / "steps.ts"
    path.write_bytes(b"@classLabel true a b\n@data\n" + b"1,2:a\n" * 19 + b"1,\xff:a\n")
    assert "line 22: got '\N{REPLACEMENT CHARACTER}', expected" in read_ts(path).notes[0]


def test_a_line_of_many_megabytes_is_one_sequence(tmp_path):
    path = write(tmp_path / "long.ts", "@data\n" + "1," * 1_000_000 + "2\n")
    assert read_ts(path).steps[0].shape == (1_000_001, 1)


BROKEN_ARFF = [
    ("1,2", "got 2 values, expected 3, one for each attribute."),
    ("1,2,?", "got no class, expected one of those of the header."),
    ("?,1,normal", "got '?', expected a number."),
    ("?,?,normal", "got missing values alone, expected a number for a step at least."),
]


@pytest.mark.parametrize(("line", "told"), BROKEN_ARFF)
def test_a_broken_line_of_an_arff_is_told(tmp_path, line, told):
    path = write(tmp_path / "beats.arff", ARFF + "1,2,normal\n" * 17 + line + "\n")
    assert read_arff(path).notes == (f"1 of 20 sequences left out:\n  beats.arff, line 27: {told}",)


# As BasicMotions and JapaneseVowels of the archive are written: a channel a row, a step an
# attribute, short sequences filled up.
RELATION = r"""% from the archive
@relation 'Motions'
@attribute relationalAtt relational
  @attribute att0 numeric
  @attribute att1 numeric
  @attribute att2 real
@end relationalAtt
@attribute activity {Standing, 'Not standing'}
@data
'1,2,3\n4,5,6e-1',Standing
"7,8,?\n9,-10,?", 'Not standing'
"""


def test_the_channels_of_a_relation_are_those_of_a_sequence(tmp_path):
    found = read_arff(write(tmp_path / "motions.arff", RELATION))
    assert found.steps[0].tolist() == [[1, 4], [2, 5], [3, np.float32(0.6)]]
    assert found.steps[1].tolist() == [[7, 9], [8, -10]]
    assert found.labels == ["Standing", "Not standing"]
    assert found.channels == ("channel_1", "channel_2")
    assert found.notes == (
        "1 sequence of 2 shorter than the header's 3 steps: '?' behind the last is no step.",
    )


def test_a_relation_is_read_as_scipy_reads_it(tmp_path):
    path = write(tmp_path / "motions.arff", RELATION.split('"7')[0])
    rows, _ = arff.loadarff(path)
    ((relation, label),) = rows.tolist()
    found = read_arff(path)
    np.testing.assert_allclose(found.steps[0].T, [[*row] for row in relation.tolist()])
    assert found.labels == [label.decode()]


BROKEN_RELATION = [
    (r"'1,2,3\n4,5',Standing", "got 2 steps in channel 2, expected 3, as the header says."),
    (r"'1,2,3',Standing", "got 1 channel, expected 2 as in most lines."),
    (r"'1,?,3\n4,5,6',Standing", "got '?', expected a number."),
    ("1,2,3,Standing", "got 4 values, expected 2, one for each attribute."),
    # Quotes that nothing ends are signs like others, and cost no time.
    (
        "'" + "1 " * 200_000 + ",Standing",
        "got 1 step in channel 1, expected 3, as the header says.",
    ),
]


@pytest.mark.parametrize(("line", "told"), BROKEN_RELATION, ids=range(5))
def test_a_broken_line_of_a_relation_is_told(tmp_path, line, told):
    text = RELATION + "'1,2,3\\n4,5,6',Standing\n" * 17 + line + "\n"
    found = read_arff(write(tmp_path / "motions.arff", text))
    assert len(found) == 19
    assert found.notes[0] == f"1 of 20 sequences left out:\n  motions.arff, line 29: {told}"


def test_attributes_that_are_no_steps_are_named(tmp_path):
    text = ARFF.replace("@attribute kind", "@attribute who string\n@attribute kind")
    text = text.replace(",normal\n", ",ann,normal\n").replace(",'not", ",bob,'not")
    path = write(tmp_path / "beats.arff", text)
    assert read_arff(path).notes == ("Left out what is neither a step nor the class: 'who'.",)


def test_a_relation_of_a_megabyte_is_one_sequence(tmp_path):
    head = "".join(f"@attribute a{one} real\n" for one in range(60_000))
    row = ",".join(["1.25"] * 60_000)
    text = f"@attribute m relational\n{head}@end m\n@data\n'{row}\\n{row}\\n{row}'\n"
    found = read_arff(write(tmp_path / "long.arff", text))
    assert found.steps[0].shape == (60_000, 3)
    assert found.labels is None


FATAL = [
    (read_ts, "", "got an empty file, expected sequences as .ts: header lines that begin with @, "),
    (read_ts, "1,2,3\n", "got no line @data behind a header, expected sequences as .ts"),
    (read_ts, "@timeStamps true\n@data\n(0,1):a\n", "got sequences with time stamps, expected"),
    (read_ts, "@data\n\n", "got no line behind @data, expected sequences."),
    (read_ts, "@data\n1,x\n1,2\n", "got 1 of 2 sequences that cannot be read, expected at most 5%"),
    (read_arff, "a,b\n1,2\n", "got no line @data behind a header, expected sequences as .arff"),
    (read_arff, "@attribute a {x}\n@data\nx\n", "got no numeric attribute, expected one for each"),
    (read_arff, "@attribute a real\n@data\n", "got no line behind @data, expected sequences."),
    (
        read_arff,
        "@attribute m relational\n@attribute a real\n@end m\n"
        "@attribute n relational\n@attribute b real\n@end n\n@data\n1,2\n",
        "got 2 relational attributes, expected one, which holds the sequence.",
    ),
    (
        read_arff,
        "@attribute m relational\n@attribute a string\n@end m\n@data\n1\n",
        "got a relational attribute of values 'string', expected numbers, one for each step. "
        "Relations within relations, names and dates are not read.",
    ),
    (
        read_arff,
        "@attribute m relational\n@attribute a real\n@data\n1\n",
        "got a relational attribute 'm' without attributes or @end, expected a numeric one in it "
        "for each step.",
    ),
]


@pytest.mark.parametrize(("read", "text", "told"), FATAL)
def test_a_file_of_another_kind_is_refused(tmp_path, read, text, told):
    path = write(tmp_path / "file", text)
    with pytest.raises(FileError) as error:
        read(path)
    assert told in str(error.value)


def test_near_names_are_suggested(tmp_path):
    path = write(tmp_path / "steps.ts", TS)
    with pytest.raises(FileError) as error:
        read_ts(tmp_path / "step.ts")
    assert str(error.value).endswith(f"Did you mean '{path}'?")
    with pytest.raises(FileError, match=r"got 'knd', expected an attribute of .*mean 'kind'\?"):
        read_arff(write(tmp_path / "beats.arff", ARFF), target="knd")


def test_the_test_beside_the_training_is_the_test(tmp_path):
    training = write(tmp_path / "S_TRAIN.ts", TS)
    assert partner_of(training) is None
    assert with_partner(training, read_ts).test is None
    test = write(tmp_path / "S_TEST.ts", TS + "7:8:up\n")
    assert partner_of(training) == test
    assert partner_of(test) is None
    found = with_partner(training, read_ts)
    assert found.test.tolist() == [False, False, True, True, True]
    assert found.names[-1] == "S_TEST.ts, line 9"
    assert found.notes == ("S_TEST.ts is the test.",)
    write(test, "@classLabel true a b\n@data\n1:up\n")
    with pytest.raises(FileError) as error:
        with_partner(training, read_ts)
    assert str(error.value) == f"{test}: got 1 channel, expected 2 as in S_TRAIN.ts."
