using System.Text;
using System.Text.RegularExpressions;

namespace ActorTorrent.Engine.Tests;

/// <summary>
/// No catch swallows: one of everything (no type, or Exception without a filter) uses the exception or throws it on, and a block of any other
/// that does nothing says why that is right.
/// </summary>
public sealed partial class CatchTests
{
    // Milliseconds that one of the expressions may take.
    private const int Longest = 20_000;

    [Fact]
    public void No_catch_in_the_sources_swallows()
    {
        var found = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static path => Faults(File.ReadAllText(path)).Select(fault => $"{Path.GetRelativePath(Repository.PathOf(), path)}{fault}"))
            .ToList();

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("try { A(); } catch { }", true)]
    [InlineData("try { A(); } catch { return; }", true)]
    [InlineData("try { A(); } catch { /* never mind this at all, really */ }", true)]
    [InlineData("try { A(); } catch { B(); throw; }", false)]
    [InlineData("try { A(); } catch (Exception) { B(); }", true)]
    [InlineData("try { A(); } catch (Exception e) { B(); }", true)]
    [InlineData("try { A(); } catch (Exception e) { B(e); }", false)]
    [InlineData("try { A(); } catch (Exception e) { B($\"it failed: {e}\"); }", false)]
    [InlineData("try { A(); } catch (Exception e) when (e is IOException) { B(); }", false)]
    [InlineData("try { A(); } catch (IOException) { }", true)]
    [InlineData("try { A(); } catch (IOException) { return; }", true)]
    [InlineData("try { A(); } catch (IOException) { continue; }", true)]
    [InlineData("try { A(); } catch (IOException) { return null; }", false)]
    [InlineData("try { A(); } catch (IOException)\n{\n// The file is gone, which is what was wanted.\n}", false)]
    [InlineData("try { A(); } catch (IOException)\n{\n// The file is gone, which is what was wanted.\nreturn;\n}", false)]
    [InlineData("try { A(); } catch (IOException e) { _log.Debug(e, \"}\"); }", false)]
    [InlineData("var s = \"catch { }\"; // catch { }\n/* catch { } */ var c = '}';", false)]
    [InlineData("var s = $\"\"\"catch { } {A(\"}\")} \"\"\";", false)]
    public void The_rule_is_this(string source, bool isFault) => Assert.Equal(isFault, Faults(source).Any());

    private static IEnumerable<string> Faults(string source)
    {
        var code = Blank(source);
        foreach (Match match in Catch().Matches(code))
        {
            var open = code.IndexOf('{', match.Index + match.Length - 1);
            var close = Close(code, open);
            var body = code[(open + 1)..close].Trim();
            var (type, name, isFiltered) = (match.Groups["type"].Value, match.Groups["name"].Value, match.Groups["when"].Success);
            var isOfEverything = (type.Length == 0 || type is "Exception" or "System.Exception") && !isFiltered;
            var uses = HasWord(body, "throw") || (name.Length > 0 && HasWord(source[(open + 1)..close], name));
            var doesNothing = body.Length == 0 || body is "return;" or "continue;" or "break;";
            var saysWhy = Comment().IsMatch(source[(open + 1)..close]);
            var line = source.AsSpan(0, match.Index).Count('\n') + 1;
            if (isOfEverything && !uses)
                yield return $":{line}: a catch of everything neither uses the exception nor throws it on";
            else if (doesNothing && !saysWhy)
                yield return $":{line}: a catch does nothing and does not say why";
        }
    }

    private static bool HasWord(string body, string word)
        => Regex.IsMatch(body, $@"\b{word}\b", RegexOptions.None, TimeSpan.FromMilliseconds(Longest));

    /// <summary>The same length, with comments and the content of strings and characters blank.</summary>
    private static string Blank(string source)
    {
        var code = new StringBuilder(source);
        foreach (Match match in NoCode().Matches(source))
        {
            for (var i = match.Index; i < match.Index + match.Length; i++)
            {
                if (code[i] != '\n')
                    code[i] = ' ';
            }
        }
        return code.ToString();
    }

    private static int Close(string code, int open)
    {
        var depth = 0;
        for (var i = open; i < code.Length; i++)
        {
            if (code[i] == '{')
                depth++;
            else if (code[i] == '}' && --depth == 0)
                return i;
        }
        return code.Length;
    }

    [GeneratedRegex(@"\bcatch\b\s*(\(\s*(?<type>[\w.<>]+)(\s+(?<name>\w+))?\s*\))?\s*(?<when>when\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\s*\{", RegexOptions.ExplicitCapture, Longest)]
    private static partial Regex Catch();

    [GeneratedRegex(@"//[^\n]{6,}", RegexOptions.ExplicitCapture, Longest)]
    private static partial Regex Comment();

    [GeneratedRegex("""
        //[^\n]*|/\*[\s\S]*?\*/|\$*""\"[\s\S]*?""\"|\$?@\$?"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
        """, RegexOptions.ExplicitCapture, Longest)]
    private static partial Regex NoCode();
}
