namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>
/// Hostile and unlucky peers, case by case, against a real engine that at the same time downloads from two honest peers and seeds to one. After
/// each case these still run, and the journal holds exactly what it is to hold.
/// </summary>
[TestCaseOrderer("ActorTorrent.Engine.Tests.Hostile.ByNumber", "ActorTorrent.Engine.Tests")]
public sealed class HostileTests(HostileWorld world) : IClassFixture<HostileWorld>
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

    private static TheoryData<int, string> Rows()
    {
        var rows = new TheoryData<int, string>();
        foreach (var one in HostileCases.All)
            rows.Add(one.Number, one.Name);
        return rows;
    }

    [Fact]
    public Task Zz_what_the_cases_took_is_returned() => world.AllIsReturnedAsync();

    [Fact]
    public void The_cases_are_the_54_of_the_list()
        => Assert.Equal(Enumerable.Range(1, 54), HostileCases.All.Select(static one => one.Number));

    [Fact]
    public void The_table_in_the_README_is_the_suite() => HostileTable.IsInReadme("hostile cases", HostileCases.All);
}
