using System.Text;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class SafeNamesTests
{
    [Fact]
    public void Letters_that_some_file_systems_refuse_are_mended_and_nothing_else()
    {
        var names = SafeNames.Of(["pack", "what? a|b", "fine.txt"]).ToArray();
        Assert.Equal("pack", names[0][0]);
        Assert.Matches("^what_ a_b~[0-9a-f]{10}$", names[0][1]);
        Assert.Equal("fine.txt", names[0][2]);
        Assert.Equal(2, names[1].Length);
        Assert.Matches(@"^fine~[0-9a-f]{10}\.txt$", names[1][1]);
        Assert.Single(SafeNames.Of(["pack", "fine.txt"]));
    }

    [Fact]
    public void Two_files_never_get_one_name()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in (string[])["a?", "a*", "a_", "A?", "b/a?", "b?/a?"])
        {
            foreach (var name in SafeNames.Of(["pack", .. file.Split('/')]).Select(name => string.Join('/', name)).Distinct(StringComparer.Ordinal))
                Assert.True(names.Add(name), file);
        }
    }

    [Fact]
    public void Every_name_is_short_safe_and_the_same_each_time()
    {
        var paths = Gen.Elements('a', 'ü', '\u65e5', ':', '?', '.', ' ', '*', '|', '"').ArrayOf().Where(letters => letters.Length is > 0 and < 400)
            .Select(letters => new string(letters)).NonEmptyListOf();
        Prop.ForAll(paths.ToArbitrary(), path =>
        {
            var names = SafeNames.Of([.. path]).ToArray();
            Assert.Equal(names, SafeNames.Of([.. path]).ToArray());
            foreach (var segment in names.SelectMany(name => name))
            {
                Assert.InRange(Encoding.UTF8.GetByteCount(segment), 1, SafeNames.LongestSegment);
                Assert.DoesNotMatch("[:?*|\"<>\\\\]", segment);
                Assert.Null(PathRules.Refuse(segment));
                Assert.False(segment[^1] is '.' or ' ');
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }
}
