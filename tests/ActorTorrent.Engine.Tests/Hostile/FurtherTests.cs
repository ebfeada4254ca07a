namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>What else peers and trackers may think of, beyond the list of 54; held to the same.</summary>
[TestCaseOrderer("ActorTorrent.Engine.Tests.Hostile.ByNumber", "ActorTorrent.Engine.Tests")]
public sealed class FurtherTests(FurtherWorld world) : IClassFixture<FurtherWorld>
{
    public static TheoryData<int, string> Cases { get; } = Rows();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case(int number, string name)
    {
        var verdict = await world.VerdictOf(number);

        Assert.Equal(name, verdict.Case.Name);
        if (verdict.Failure is { } failure)
            Assert.Fail($"{verdict.Case}: {failure}");
    }

    [Fact]
    public Task Zz_what_the_cases_took_is_returned() => world.AllIsReturnedAsync();

    [Fact]
    public void The_table_in_the_README_is_the_suite() => HostileTable.IsInReadme("further cases", HostileCases.Further);

    private static TheoryData<int, string> Rows()
    {
        var rows = new TheoryData<int, string>();
        foreach (var one in HostileCases.Further)
            rows.Add(one.Number, one.Name);
        return rows;
    }
}
