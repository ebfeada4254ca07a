using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class PathRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData(".hidden")]
    [InlineData("..a")]
    [InlineData("a..")]
    [InlineData("console.txt")]
    [InlineData("comet")]
    [InlineData("com10")]
    [InlineData("ab:c")]
    [InlineData("naïve ☕ 日本.mkv")]
    public void Plain_names_pass(string segment) => Assert.Null(PathRules.Refuse(segment));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(".", "leave its folder")]
    [InlineData("..", "leave its folder")]
    [InlineData(". .", "leave its folder")]
    [InlineData("a/b", "separator")]
    [InlineData("/etc", "separator")]
    [InlineData("a\\b", "separator")]
    [InlineData("a\0b", "NUL")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u007Fb", "U+007F")]
    [InlineData("a\u0085b", "U+0085")]
    [InlineData("C:", "drive")]
    [InlineData("c:x", "drive")]
    [InlineData("con", "device")]
    [InlineData("NUL.txt", "device")]
    [InlineData("Aux .c", "device")]
    [InlineData("LPT9", "device")]
    [InlineData("com¹", "device")]
    public void Others_do_not(string segment, string reason) => Assert.Contains(reason, PathRules.Refuse(segment), StringComparison.Ordinal);

    [Fact]
    public void The_limit_is_255_bytes_and_not_letters()
    {
        Assert.Null(PathRules.Refuse(new string('a', 255)));
        Assert.Contains("256 bytes", PathRules.Refuse(new string('a', 256)), StringComparison.Ordinal);
        Assert.Contains("256 bytes", PathRules.Refuse(new string('é', 128)), StringComparison.Ordinal);
    }
}
