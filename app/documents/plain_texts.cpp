#include "app/documents/plain_texts.h"

namespace pellucid::documents {

namespace {

constexpr const char* kEnglishQuestions[] = {
    "How do I cook rice without burning it?",
    "What is the capital of Australia?",
    "Why does the moon look larger near the horizon?",
    "When should I renew my passport?",
    "Where can I find the list of members?",
    "Who wrote the first report about the flood?",
    "Which of the two methods is faster?",
    "How much does the repair cost?",
    "Can I cancel the contract before it ends?",
    "What happens if the payment is late?",
    "Is it allowed to park in front of the house?",
    "How many people work in the company?",
    "What is the difference between a virus and a bacterium?",
    "How long does the warranty last?",
    "Does the machine stop by itself when it is too hot?",
    "What do I have to do before the first use?",
    "How can I change my address?",
    "What were the results of the experiment?",
    "Explain how the heart pumps blood.",
    "Summarise the second chapter.",
    "What does the error message mean?",
    "Which file holds the settings?",
    "How is the tax calculated?",
    "What did the committee decide about the budget?",
};

constexpr const char* kEnglishPassages[] = {
    "Rice is washed until the water stays clear, then boiled in twice its volume of water over low heat for "
    "about fifteen minutes.",
    "Canberra was chosen as the capital in 1908 because neither of the two largest cities would give way to "
    "the other.",
    "The apparent size of the moon does not change during the night; that it seems larger near the horizon "
    "is an illusion.",
    "A passport is valid for ten years. Apply for a new one at least six weeks before you travel.",
    "The list of members is published every year in an appendix to the annual report.",
    "In the spring of that year the river rose above its banks and flooded the lower part of the town.",
    "The second method needs less memory, but takes about three times as long on large inputs.",
    "The cost of the repair depends on the parts that have to be replaced. Ask for an estimate first.",
    "Either party may end the contract with a notice of three months to the end of a quarter.",
    "If a payment is late, interest is charged from the day on which it was due.",
    "Table 3. Temperature, pressure and flow at each of the four stations, mean of ten measurements.",
    "The company has about two hundred employees in four offices and was founded by two brothers.",
    "Bacteria are living cells that divide by themselves; viruses need the cells of a host.",
    "The warranty covers faults of material and workmanship for two years from the date of purchase.",
    "If the motor becomes too hot, a switch turns it off. Let it cool for half an hour before you start it "
    "again.",
    "Before the first use, remove all packing material, wash the parts in warm water and dry them well.",
    "To change your address, open the page of your account, choose Edit, and save the new one.",
    "In all three experiments the treated plants grew faster than the others, by 12 percent on average.",
    "The heart has four chambers. The right half pumps blood to the lungs, the left half to the rest of the "
    "body.",
    "Chapter 2 describes the parts of the system and how they work together.",
    "This message means that the program could not open the file, because it does not exist or you may not "
    "read it.",
    "Settings are read from a text file at the start; each line holds a name and a value.",
    "The tax is calculated from the income of the year, less the expenses listed in section 4.",
    "The committee approved the budget with seven votes to two and asked for a report by the end of June.",
};

constexpr const char* kChineseQuestions[] = {
    "怎样煮饭才不会糊？",           "澳大利亚的首都是哪里？",   "为什么月亮在地平线附近看起来更大？",
    "我应该什么时候更换护照？",     "在哪里可以找到成员名单？", "最早关于洪水的报告是谁写的？",
    "这两种方法哪一种更快？",       "修理要花多少钱？",         "合同到期之前可以解除吗？",
    "如果付款晚了会怎么样？",       "房子前面可以停车吗？",     "公司里有多少人工作？",
    "病毒和细菌有什么区别？",       "保修期有多长？",           "机器太热时会自己停下来吗？",
    "第一次使用之前必须做什么？",   "怎样更改我的地址？",       "实验的结果是什么？",
    "请解释心脏是怎样输送血液的。", "概括一下第二章的内容。",   "这条错误信息是什么意思？",
    "设置保存在哪个文件里？",       "税是怎么计算的？",         "委员会对预算做出了什么决定？",
};

constexpr const char* kChinesePassages[] = {
    "米要淘洗到水变清，然后加入两倍体积的水，用小火煮大约十五分钟。",
    "1908 年选择堪培拉作为首都，因为两个最大的城市互不相让。",
    "月亮的视大小在夜里并不改变；它在地平线附近显得更大只是一种错觉。",
    "护照的有效期为十年。请至少在出行前六周申请新的护照。",
    "成员名单每年作为附录刊登在年度报告中。",
    "那年春天河水漫过堤岸，淹没了城市地势较低的部分。",
    "第二种方法需要的内存较少，但在输入很大时所花的时间大约是三倍。",
    "修理费用取决于需要更换的零件。请先要一份估价。",
    "任何一方都可以在季度末之前三个月通知对方解除合同。",
    "如果付款迟延，则从应付之日起计算利息。",
    "表 3：四个观测站的温度、压力和流量，十次测量的平均值。",
    "公司在四个办公地点有大约二百名员工，由两兄弟创立。",
    "细菌是能够自行分裂的活细胞；病毒则需要宿主的细胞。",
    "保修范围包括材料和工艺的缺陷，自购买之日起两年。",
    "如果电动机过热，开关会把它关掉。请冷却半小时后再启动。",
    "第一次使用之前，请取下所有包装材料，用温水清洗各个部件并擦干。",
    "要更改地址，请打开账户页面，选择“编辑”，然后保存新的地址。",
    "在三次实验中，处理过的植物都比其他植物长得快，平均快百分之十二。",
    "心脏有四个腔。右半部把血液送到肺部，左半部把血液送到身体的其他部分。",
    "第二章介绍系统的各个部分以及它们如何协同工作。",
    "这条信息表示程序无法打开该文件，因为它不存在，或者您没有读取权限。",
    "设置在启动时从一个文本文件读取；每一行有一个名称和一个值。",
    "税款按照全年收入减去第四节所列的支出来计算。",
    "委员会以七票对两票通过了预算，并要求在六月底之前提交报告。",
};

constexpr PlainTexts kAll[] = {
    {"en", kEnglishQuestions, kEnglishPassages},
    {"zh", kChineseQuestions, kChinesePassages},
};

}  // namespace

std::span<const PlainTexts> plain_texts() {
    return kAll;
}

}  // namespace pellucid::documents
